// Reading, writing and ending, over every kind of transport.
#include "weir/net/connection.hpp"

#include "weir/task/when_all.hpp"

#include "net/stage.hpp"

namespace weir::inline v0::net {
namespace {

using namespace std::chrono_literals;

class connection_test : public stage_test {};

INSTANTIATE_TEST_SUITE_P(on, connection_test, testing::ValuesIn(stage_names()), io::name_of);

task<result<>> question_and_answer(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    connection there{std::move(far), on.loop(), on.options};
    co_await or_return(write_text(here, "question"));
    EXPECT_EQ((co_await read_text(there, 8)).value_or(""), "question");
    co_await or_return(write_text(there, "answer"));
    EXPECT_EQ((co_await read_text(here, 6)).value_or(""), "answer");
    EXPECT_EQ(here.sent_bytes(), 8U);
    EXPECT_EQ(here.received_bytes(), 6U);
    EXPECT_EQ(here.unsent(), 0U);
    co_return {};
}

TEST_P(connection_test, carries_a_question_and_its_answer) { run(question_and_answer(*stage_)); }

task<result<>> collects(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    const std::string all = io::pattern(200'000);
    const auto sending = [](io::transport& to, std::string text) -> task<result<>> {
        for (std::size_t at = 0; at < text.size(); at += 3000) {
            co_await or_return(io::send_text(to, text.substr(at, 3000)));
        }
        co_return {};
    };
    auto [sent, filled] = co_await when_all(sending(*far, all), fill_up_to(here, all.size()));
    EXPECT_TRUE(sent && filled);
    EXPECT_TRUE(as_text(here.input()) == all);
    here.consume(all.size() - 5);
    EXPECT_TRUE(as_text(here.input()) == all.substr(all.size() - 5));
    here.consume(5);
    EXPECT_TRUE(here.input().empty());
    co_return {};
}

TEST_P(connection_test, collects_a_message_in_one_piece) { run(collects(*stage_)); }

task<result<>> holds_no_slab(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    // What the engine itself holds ready is not ours.
    const auto waiting = [&here]() { return here.fill(); };
    auto before = co_await with_timeout(1ms, waiting());
    EXPECT_EQ(before.error(), errc::timed_out);
    const std::size_t free = on.loop().slabs().free();
    co_await or_return(io::send_text(*far, "part of a message"));
    co_await or_return(fill_up_to(here, 17));
    auto more = co_await with_timeout(1ms, waiting());
    EXPECT_EQ(more.error(), errc::timed_out);
    // uring replaces what was taken from its ring.
    EXPECT_GE(on.loop().slabs().free() + 1, free);
    EXPECT_EQ(as_text(here.input()), "part of a message");
    co_return {};
}

TEST_P(connection_test, holds_no_slab_while_it_waits_for_the_rest) { run(holds_no_slab(*stage_)); }

task<result<>> one_part_more(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    const std::string text = io::pattern(30'000);
    auto [sent, filled] = co_await when_all(io::send_text(*far, text), fill_up_to(here, 20'001));
    EXPECT_TRUE(sent.has_value());
    EXPECT_EQ(filled.error(), errc::too_large);
    EXPECT_EQ(here.input().size(), 20'000U);
    co_return {};
}

TEST_P(connection_test, collects_no_more_than_its_limit) {
    stage_->options.input_limit = 20'000;
    run(one_part_more(*stage_));
}

task<result<>> half_close(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    co_await or_return(io::send_text(*far, "question"));
    far->shutdown();
    EXPECT_EQ((co_await read_text(here, 8)).value_or(""), "question");
    EXPECT_EQ(co_await fill_error(here), errc::end_of_stream);
    EXPECT_EQ(co_await fill_error(here), errc::end_of_stream);
    co_await or_return(write_text(here, "answer"));
    EXPECT_EQ((co_await io::receive_text(*far, 6)).value_or(""), "answer");
    co_return {};
}

TEST_P(connection_test, can_answer_a_peer_that_has_finished) { run(half_close(*stage_)); }

task<result<>> gathers(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    std::string lent = io::pattern(300'000);
    std::string expected;
    for (std::size_t at = 0; at < 30; ++at) {
        const std::string head = "part " + std::to_string(at) + ": ";
        here.write(as_bytes(head));
        const auto part = std::string_view{lent}.substr(at * 10'000, 10'000);
        here.write_view(as_bytes(part));
        expected += head;
        expected += part;
    }
    const auto flushing = [](connection& to) -> task<result<>> { co_return co_await to.flush(); };
    auto [flushed, got] =
        co_await when_all(flushing(here), io::receive_text(*far, expected.size()));
    EXPECT_TRUE(flushed.has_value());
    EXPECT_TRUE(got.value_or("") == expected);
    EXPECT_EQ(on.loop().blocks().in_use(), 0U);
    co_return {};
}

TEST_P(connection_test, gathers_copies_and_views_in_order) { run(gathers(*stage_)); }

task<result<>> writers(stage& on, int count) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    std::string expected;
    task_scope scope{on.loop().env(), [](const error& why) { ADD_FAILURE() << why.message(); }};
    for (int i = 0; i < count; ++i) {
        std::string text = io::pattern(10'000, static_cast<unsigned>(i));
        expected += text;
        scope.spawn(write_text(here, std::move(text)));
    }
    const auto got = co_await io::receive_text(*far, expected.size());
    EXPECT_TRUE(got.value_or("") == expected);
    co_await scope.join();
    co_return {};
}

TEST_P(connection_test, sends_what_several_tasks_write_while_it_sends) {
    run(writers(*stage_, 50));
}

task<result<>> batches(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    here.write(as_bytes("one "));
    here.flush_soon();
    here.write(as_bytes("two "));
    here.flush_soon();
    EXPECT_EQ(here.unsent(), 8U);
    EXPECT_EQ((co_await io::receive_text(*far, 8)).value_or(""), "one two ");
    EXPECT_EQ(here.sent_bytes(), 8U);
    here.write(as_bytes("three"));
    here.start_flush();
    EXPECT_EQ((co_await io::receive_text(*far, 5)).value_or(""), "three");
    co_return {};
}

TEST_P(connection_test, sends_by_itself_what_nobody_waits_for) { run(batches(*stage_)); }

task<result<>> output_limit(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    const std::string text = io::pattern(1000);
    EXPECT_TRUE(here.write(as_bytes(text)));
    EXPECT_FALSE(here.write(as_bytes("x")));
    EXPECT_EQ(here.room(), 0U);
    co_await or_return(here.flush());
    EXPECT_EQ(here.room(), 1000U);
    EXPECT_TRUE(here.write(as_bytes("x")));
    EXPECT_TRUE((co_await io::receive_text(*far, 1000)).value_or("") == text);
    co_return {};
}

TEST_P(connection_test, bounds_what_waits_to_be_sent) {
    stage_->options.output_limit = 1000;
    run(output_limit(*stage_));
}

task<result<>> close_answers(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    {
        connection here{std::move(near), on.loop(), on.options};
        co_await or_return(io::send_text(*far, "question"));
        co_await or_return(here.fill());
        // What nobody here will read makes a plain close break the connection.
        co_await or_return(io::send_text(*far, io::pattern(30'000)));
        far->shutdown();
        here.write(as_bytes("the last answer"));
        co_await here.close();
    }
    EXPECT_EQ((co_await io::receive_text(*far, 15)).value_or(""), "the last answer");
    EXPECT_EQ(co_await io::receive_error(*far), errc::end_of_stream);
    co_return {};
}

TEST_P(connection_test, closes_so_that_the_last_answer_is_not_lost) { run(close_answers(*stage_)); }

task<result<>> close_lingers(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    const time_point start = on.now();
    co_await here.close();
    const duration waited = on.now() - start;
    EXPECT_GE(waited, 1s);
    EXPECT_LT(waited, on.exact() ? 1s + 1ms : 3s);
    co_return {};
}

TEST_P(connection_test, listens_for_a_second_at_most_when_it_closes) {
    run(close_lingers(*stage_));
}

task<result<>> close_is_bounded(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    const time_point start = on.now();
    {
        connection here{std::move(near), on.loop(), on.options};
        const auto closing = [](connection& each) -> task<result<>> {
            co_await each.close();
            each.abort();
            co_return {};
        };
        const std::string text = io::pattern(io::flood);
        std::array pieces{io::piece{text.data(), text.size()}};
        const auto flooding = [](io::transport& to, std::span<io::piece> all) -> task<result<>> {
            co_return co_await with_timeout(500ms, io::send_pieces{to, all});
        };
        auto [closed, sent] = co_await when_all(closing(here), flooding(*far, pieces));
        EXPECT_LT(here.received_bytes(), 200'000U);
        EXPECT_FALSE(sent.has_value());
    }
    EXPECT_LT(on.now() - start, 900ms);
    co_return {};
}

TEST_P(connection_test, does_not_listen_to_a_flood_when_it_closes) {
    run(close_is_bounded(*stage_));
}

task<result<>> abort_resets(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    {
        connection here{std::move(near), on.loop(), on.options};
        co_await or_return(io::send_text(*far, "question"));
        co_await or_return(here.fill());
        here.consume(8);
        here.abort();
        EXPECT_EQ(co_await fill_error(here), errc::closed);
        const auto flushed = co_await here.flush();
        EXPECT_EQ(flushed.error(), errc::closed);
        co_await here.close();
    }
    EXPECT_EQ(co_await io::receive_error(*far), errc::reset);
    co_return {};
}

TEST_P(connection_test, resets_when_it_is_aborted) { run(abort_resets(*stage_)); }

task<result<>> abort_ends_waits(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    const std::string lent = io::pattern(io::flood);
    here.write_view(as_bytes(lent));
    const auto flushing = [](connection& to) -> task<result<>> { co_return co_await to.flush(); };
    const auto aborting = [](connection& each) -> task<result<>> {
        co_await sleep(20ms);
        each.abort();
        co_return {};
    };
    auto [read, flushed, aborted] =
        co_await when_all(fill_error(here), flushing(here), aborting(here));
    EXPECT_EQ(read, errc::closed);
    EXPECT_EQ(flushed.error(), errc::closed);
    co_return {};
}

TEST_P(connection_test, ends_every_wait_when_it_is_aborted) { run(abort_ends_waits(*stage_)); }

task<result<>> reset_by_peer(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    far->abort();
    far.reset();
    EXPECT_EQ(co_await fill_error(here), errc::reset);
    errc last{};
    for (int i = 0; i < 1000 && last == errc{}; ++i) {
        const auto outcome = co_await write_text(here, "x");
        if (!outcome) last = outcome.error().code();
    }
    EXPECT_TRUE(last == errc::reset || last == errc::closed) << to_string(last);
    EXPECT_EQ(here.broken(), last);
    EXPECT_EQ(co_await fill_error(here), last);
    co_return {};
}

TEST_P(connection_test, tells_that_the_peer_broke_the_connection) { run(reset_by_peer(*stage_)); }

task<result<>> close_it(connection& each) {
    co_await each.close();
    co_return {};
}

task<result<>> tells_phases(stage& on) {
    using phase = lifecycle::state;
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    EXPECT_EQ(here.phase(), phase::open);
    far->shutdown();
    EXPECT_EQ(co_await fill_error(here), errc::end_of_stream);
    EXPECT_EQ(here.phase(), phase::half_closed_remote);
    co_await or_return(write_text(here, "answer"));
    EXPECT_EQ((co_await io::receive_text(*far, 6)).value_or(""), "answer");
    here.drain();
    EXPECT_EQ(here.phase(), phase::draining);
    co_await here.close();
    EXPECT_EQ(here.phase(), phase::closed);
    EXPECT_EQ(here.broken(), errc::closed);
    co_return {};
}

TEST_P(connection_test, tells_its_phase) { run(tells_phases(*stage_)); }

// While it listens to what the peer still says.
task<result<>> says_no_more(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    const auto peer = [](connection& closing, io::transport& to) -> task<result<>> {
        EXPECT_EQ(co_await io::receive_error(to), errc::end_of_stream);
        EXPECT_EQ(closing.phase(), lifecycle::state::half_closed_local);
        EXPECT_EQ((co_await write_text(closing, "too late")).error(), errc::closed);
        to.shutdown();
        co_return {};
    };
    auto [closed, ended] = co_await when_all(close_it(here), peer(here, *far));
    EXPECT_TRUE(ended.has_value());
    EXPECT_EQ(here.phase(), lifecycle::state::closed);
    co_return {};
}

TEST_P(connection_test, says_no_more_once_it_closes) { run(says_no_more(*stage_)); }

task<result<>> aborts_while_closing(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    const time_point start = on.now();
    const auto aborting = [](connection& each, io::transport& to) -> task<result<>> {
        EXPECT_EQ(co_await io::receive_error(to), errc::end_of_stream);
        each.abort();
        co_return {};
    };
    auto [closed, aborted] = co_await when_all(close_it(here), aborting(here, *far));
    EXPECT_LT(on.now() - start, 900ms);
    EXPECT_EQ(here.phase(), lifecycle::state::closed);
    co_return {};
}

TEST_P(connection_test, listens_no_longer_when_it_is_aborted) {
    run(aborts_while_closing(*stage_));
}

}  // namespace
}  // namespace weir::inline v0::net
