// What a connection does about peers that are slow, and tasks that leave.
#include <memory>
#include <vector>

#include "weir/net/connection.hpp"
#include "weir/task/when_all.hpp"

#include "net/incomplete.hpp"
#include "net/stage.hpp"

namespace weir::inline v0::net {
namespace {

using namespace std::chrono_literals;

class connection_time_test : public stage_test {
protected:
    void SetUp() override {
        stage_test::SetUp();
        if (stage_) stage_->options.output_limit = 2 * io::flood;
    }
};

INSTANTIATE_TEST_SUITE_P(on, connection_time_test, testing::ValuesIn(stage_names()), io::name_of);

// Each of them after another 20 ms.
task<result<>> send_slowly(io::transport& to, std::string text) {
    for (const char each : text) {
        co_await sleep(20ms);
        co_await or_return(io::send_text(to, std::string(1, each)));
    }
    co_return {};
}

task<result<>> idle(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    const time_point start = on.now();
    auto [sent, filled] = co_await when_all(send_slowly(*far, "abc"), fill_up_to(here, 4));
    EXPECT_EQ(filled.error(), errc::timed_out);
    EXPECT_EQ(as_text(here.input()), "abc");
    EXPECT_GE(on.now() - start, 60ms + 100ms);
    if (on.exact()) {
        EXPECT_LT(on.now() - start, 60ms + 102ms);
    }
    // A timeout takes nothing away.
    co_await or_return(io::send_text(*far, "d"));
    co_await or_return(fill_up_to(here, 4));
    EXPECT_EQ(as_text(here.input()), "abcd");
    co_return {};
}

TEST_P(connection_time_test, gives_up_on_a_peer_that_says_nothing_for_too_long) {
    stage_->options.idle_timeout = 100ms;
    run(idle(*stage_));
}

task<result<>> absolute(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    const time_point start = on.now();
    here.set_read_deadline(start + 90ms);
    auto [sent, filled] = co_await when_all(send_slowly(*far, "abcdefgh"), fill_up_to(here, 8));
    EXPECT_EQ(filled.error(), errc::timed_out);
    EXPECT_LT(here.input().size(), 5U);
    if (on.exact()) {
        EXPECT_EQ(as_text(here.input()), "abcd");
    }
    // Bytes that are there already do not extend it either.
    EXPECT_EQ(co_await fill_error(here), errc::timed_out);
    here.set_read_deadline(never);
    co_await or_return(fill_up_to(here, 8));
    EXPECT_EQ(as_text(here.input()), "abcdefgh");
    co_return {};
}

TEST_P(connection_time_test, has_a_read_deadline_that_a_byte_does_not_extend) {
    run(absolute(*stage_));
}

task<result<>> write_timeout(stage& on, bool wait) {
    auto [near, far] = co_await or_return(on.link());
    {
        connection here{std::move(near), on.loop(), on.options};
        const std::string text = io::pattern(io::flood);
        here.write(as_bytes(text));
        if (wait) {
            const auto flushed = co_await here.flush();
            EXPECT_EQ(flushed.error(), errc::timed_out);
        } else {
            here.start_flush();
        }
        EXPECT_EQ(co_await fill_error(here), errc::timed_out);
        EXPECT_EQ(here.broken(), errc::timed_out);
        EXPECT_EQ(here.unsent(), 0U);
        EXPECT_EQ(on.loop().blocks().in_use(), 0U);
        here.write(as_bytes("more"));
        const auto again = co_await here.flush();
        EXPECT_EQ(again.error(), errc::timed_out);
        co_await here.close();
    }
    errc end{};
    while (end == errc{}) end = co_await io::receive_error(*far);
    EXPECT_EQ(end, errc::reset);
    co_return {};
}

// BEHAVIOUR.md, "slow reader".
TEST_P(connection_time_test, resets_a_peer_that_does_not_read) {
    stage_->options.write_timeout = 50ms;
    run(write_timeout(*stage_, true));
}

TEST_P(connection_time_test, resets_a_peer_that_does_not_read_though_nobody_waits) {
    stage_->options.write_timeout = 50ms;
    run(write_timeout(*stage_, false));
}

task<result<>> slow_but_reading(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    const std::string text = io::pattern(50'000);
    // What is written while it sends has its own time: this lasts longer than the timeout.
    const auto writing = [](connection& to, std::string part) -> task<result<>> {
        for (int i = 0; i < 20; ++i) {
            to.write(as_bytes(part));
            to.flush_soon();
            co_await sleep(10ms);
        }
        co_return co_await to.flush();
    };
    auto [written, got] =
        co_await when_all(writing(here, text), io::receive_text(*far, 20 * text.size()));
    EXPECT_TRUE(written.has_value());
    EXPECT_EQ(got.value_or("").size(), 20 * text.size());
    co_return {};
}

TEST_P(connection_time_test, does_not_time_out_what_makes_progress) {
    stage_->options.write_timeout = 100ms;
    run(slow_but_reading(*stage_));
}

task<result<>> stopped_flush_of_copies(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    const std::string text = io::pattern(io::flood);
    here.write(as_bytes(text));
    const auto flushed = co_await with_timeout(20ms, here.flush());
    EXPECT_EQ(flushed.error(), errc::timed_out);
    EXPECT_GT(here.unsent(), 0U);
    EXPECT_EQ(here.broken(), errc{});
    const auto got = co_await io::receive_text(*far, text.size());
    EXPECT_TRUE(got.value_or("") == text);
    EXPECT_TRUE((co_await here.flush()).has_value());
    EXPECT_EQ(here.unsent(), 0U);
    co_return {};
}

TEST_P(connection_time_test, sends_copies_also_when_the_task_that_asked_was_stopped) {
    run(stopped_flush_of_copies(*stage_));
}

task<result<>> stopped_flush_of_a_view(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    {
        const std::string lent = io::pattern(io::flood);
        here.write_view(as_bytes(lent));
        const auto flushed = co_await with_timeout(20ms, here.flush());
        EXPECT_EQ(flushed.error(), errc::timed_out);
    }
    EXPECT_NE(here.broken(), errc{});
    EXPECT_EQ(here.unsent(), 0U);
    co_return {};
}

TEST_P(connection_time_test, breaks_rather_than_send_bytes_that_were_lent_by_a_task_now_gone) {
    run(stopped_flush_of_a_view(*stage_));
}

task<result<>> stopped_before_flush(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    here.write(as_bytes("copied"));
    const auto flushed = co_await with_timeout(0ms, here.flush());
    EXPECT_EQ(flushed.error(), errc::timed_out);
    EXPECT_EQ((co_await io::receive_text(*far, 6)).value_or(""), "copied");
    const auto filled = co_await with_timeout(0ms, here.fill());
    EXPECT_EQ(filled.error(), errc::timed_out);
    co_return {};
}

TEST_P(connection_time_test, answers_at_once_to_a_task_that_is_stopped_already) {
    run(stopped_before_flush(*stage_));
}

task<> fill_for_nothing(connection& from) {
    (void)co_await from.fill();
    ADD_FAILURE() << "it was to be destroyed";
}

task<> flush_for_nothing(connection& to, std::string lent, bool view) {
    if (view) {
        to.write_view(as_bytes(lent));
    } else {
        to.write(as_bytes(lent));
    }
    (void)co_await to.flush();
    ADD_FAILURE() << "it was to be destroyed";
}

task<result<>> destroyed_while_reading(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    {
        task_scope scope{on.loop().env(), [](const error&) {}};
        scope.spawn(fill_for_nothing(here));
        co_await sleep(5ms);
        EXPECT_EQ(scope.size(), 1U);
    }
    co_await or_return(io::send_text(*far, "later"));
    co_await or_return(fill_up_to(here, 5));
    EXPECT_EQ(as_text(here.input()), "later");
    co_return {};
}

TEST_P(connection_time_test, survives_a_task_that_is_destroyed_while_it_reads) {
    run(destroyed_while_reading(*stage_));
}

task<result<>> destroyed_while_writing(stage& on, bool view) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    {
        task_scope scope{on.loop().env(), [](const error&) {}};
        scope.spawn(flush_for_nothing(here, io::pattern(io::flood), view));
        co_await sleep(5ms);
        EXPECT_EQ(scope.size(), 1U);
    }
    EXPECT_EQ(here.broken(), view ? errc::canceled : errc{});
    if (view) co_return {};
    EXPECT_TRUE((co_await io::receive_text(*far, io::flood)).value_or("") ==
                io::pattern(io::flood));
    co_return {};
}

TEST_P(connection_time_test, goes_on_sending_copies_of_a_task_that_is_destroyed) {
    run(destroyed_while_writing(*stage_, false));
}

TEST_P(connection_time_test, takes_back_views_of_a_task_that_is_destroyed) {
    run(destroyed_while_writing(*stage_, true));
}

task<result<>> destroyed_while_sending(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    {
        connection here{std::move(near), on.loop(), on.options};
        const std::string text = io::pattern(io::flood);
        here.write(as_bytes(text));
        here.start_flush();
        co_await sleep(5ms);
        EXPECT_GT(here.unsent(), 0U);
    }
    EXPECT_EQ(on.loop().blocks().in_use(), 0U);
    co_return {};
}

TEST_P(connection_time_test, takes_back_what_it_sends_when_it_is_destroyed) {
    run(destroyed_while_sending(*stage_));
}

task<result<>> drain(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    const time_point start = on.now();
    const auto draining = [](connection& each) -> task<result<>> {
        co_await sleep(10ms);
        each.drain();
        co_return {};
    };
    const auto watching = [](connection& each) -> task<result<>> {
        co_return co_await each.drained();
    };
    auto [filled, drained, watched] =
        co_await when_all(fill_error(here), draining(here), watching(here));
    EXPECT_EQ(filled, errc::timed_out);
    EXPECT_TRUE(watched.has_value());
    EXPECT_GE(on.now() - start, 1010ms);
    EXPECT_LT(on.now() - start, 3s);
    co_return {};
}

// BEHAVIOUR.md, Process: an idle connection gets a second to send a request.
TEST_P(connection_time_test, waits_a_second_for_one_more_message_when_it_drains) {
    run(drain(*stage_));
}

task<result<>> destroyed_while_watching(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    const auto watch_for_nothing = [](connection& each) -> task<> {
        (void)co_await each.drained();
        ADD_FAILURE() << "it was to be destroyed";
    };
    {
        task_scope scope{on.loop().env(), [](const error&) {}};
        scope.spawn(watch_for_nothing(here));
        co_await sleep(5ms);
        EXPECT_EQ(scope.size(), 1U);
    }
    here.drain();
    EXPECT_TRUE(co_await here.drained());
    co_return {};
}

TEST_P(connection_time_test, survives_a_task_that_is_destroyed_while_it_waits_for_a_drain) {
    run(destroyed_while_watching(*stage_));
}

task<result<>> evicts(stage& on) {
    incomplete messages{on, 2048};
    co_await or_return(messages.run(60));
    const std::size_t evicted = messages.oldest_given_up();
    EXPECT_GE(evicted, 20U);
    EXPECT_LE(evicted, 40U);
    EXPECT_EQ(on.loop().slabs().evictions(), evicted);
    co_return {};
}

TEST_P(connection_time_test, gives_up_the_oldest_incomplete_messages_when_memory_is_scarce) {
    make(40);
    if (stage_) run(evicts(*stage_));
}

task<result<>> keeps_the_complete(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    co_await or_return(io::send_text(*far, io::pattern(2048)));
    co_await or_return(fill_up_to(here, 2048));
    // It has waited for more, so it is old; then it turns out to be complete.
    const auto more = co_await with_timeout(1ms, here.fill());
    EXPECT_EQ(more.error(), errc::timed_out);
    const pin kept = here.keep();
    here.consume(2048);
    on.loop().slabs().evict_oldest();
    EXPECT_EQ(on.loop().slabs().evictions(), 0U);
    co_await or_return(io::send_text(*far, "next"));
    co_await or_return(fill_up_to(here, 4));
    co_return {};
}

TEST_P(connection_time_test, does_not_give_up_what_has_become_complete) {
    run(keeps_the_complete(*stage_));
}

}  // namespace
}  // namespace weir::inline v0::net
