// What every transport does, whichever engine carries it: sockets, simulated ones, a pair in
// memory.
#include "weir/io/transport.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "weir/task/sleep.hpp"
#include "weir/task/when_all.hpp"
#include "weir/task/with_timeout.hpp"

#include "io/transport_ops.hpp"
#include "io/world.hpp"

namespace weir::inline v0::io {
namespace {

using namespace std::chrono_literals;

class transport_test : public world_test<world> {};

INSTANTIATE_TEST_SUITE_P(on, transport_test, testing::ValuesIn(transport_names()), name_of);

task<result<>> one_byte(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    co_await or_return(send_text(*near, "x"));
    const chunk got = co_await or_return(receive_chunk{*far});
    EXPECT_EQ(got.text(), "x");
    co_await or_return(send_text(*far, "y"));
    const chunk back = co_await or_return(receive_chunk{*near});
    EXPECT_EQ(back.text(), "y");
    co_return {};
}

TEST_P(transport_test, carries_one_byte_each_way) { run(one_byte(*world_)); }

task<result<>> waits_for_a_byte(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    auto [sent, got] = co_await when_all(send_text(*near, "late"), receive_text(*far, 4));
    EXPECT_TRUE(sent.has_value());
    EXPECT_EQ(got.value_or("nothing"), "late");
    auto [later, answer] = co_await when_all(receive_text(*near, 4), send_text(*far, "more"));
    EXPECT_EQ(later.value_or("nothing"), "more");
    EXPECT_TRUE(answer.has_value());
    co_return {};
}

TEST_P(transport_test, completes_a_receive_that_waits) { run(waits_for_a_byte(*world_)); }

task<result<>> a_mebibyte_both_ways(world& world) {
    constexpr std::size_t size = std::size_t{1} << 20U;
    auto [near, far] = co_await or_return(world.make_link());
    const std::string there = pattern(size, 1);
    const std::string back = pattern(size, 2);
    auto [sent, got, answered, came] =
        co_await when_all(send_text(*near, there), receive_text(*far, size), send_text(*far, back),
                          receive_text(*near, size));
    EXPECT_TRUE(sent.has_value() && answered.has_value());
    EXPECT_TRUE(got.value_or("") == there);
    EXPECT_TRUE(came.value_or("") == back);
    co_return {};
}

// BEHAVIOUR.md, Process, "short reads and short writes": the simulated network's seeds cut them.
TEST_P(transport_test, carries_a_mebibyte_both_ways_at_once) { run(a_mebibyte_both_ways(*world_)); }

task<result<>> into_a_given_place(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    co_await or_return(send_text(*near, "abcdefgh"));
    std::string place(8, '.');
    std::string got;
    while (got.size() < 8) {
        const bytes_span into{reinterpret_cast<std::byte*>(place.data()) + 1, 3};
        const std::size_t size = co_await or_return(receive_into{*far, into});
        EXPECT_LE(size, 3U);
        got += place.substr(1, size);
    }
    EXPECT_EQ(got, "abcdefgh");
    EXPECT_EQ(place.front(), '.');
    EXPECT_EQ(place.substr(4), "....");
    co_return {};
}

TEST_P(transport_test, receives_into_a_given_place_and_not_beside_it) {
    run(into_a_given_place(*world_));
}

task<result<>> gathered(transport& near, transport& far, std::size_t count, std::size_t most) {
    const std::string text = pattern(count * most);
    std::vector<piece> pieces;
    std::string expected;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string_view part{text.data() + i * most, i % (most + 1)};
        pieces.push_back(piece{part.data(), part.size()});
        expected += part;
    }
    const auto sending = [](transport& to, std::vector<piece> all) -> task<result<>> {
        co_return co_await send_pieces{to, all};
    };
    auto [sent, got] =
        co_await when_all(sending(near, std::move(pieces)), receive_text(far, expected.size()));
    EXPECT_TRUE(sent.has_value());
    EXPECT_TRUE(got.value_or("") == expected);
    co_return {};
}

task<result<>> gathered(world& world, std::size_t count, std::size_t most) {
    const auto [near, far] = co_await or_return(world.make_link());
    co_return co_await gathered(*near, *far, count, most);
}

// More sends in one turn than an engine carries out at once.
task<result<>> gathered_together(world& world) {
    const auto one = co_await or_return(world.make_link());
    const auto two = co_await or_return(world.make_link());
    const auto three = co_await or_return(world.make_link());
    const auto four = co_await or_return(world.make_link());
    co_await when_all(gathered(*one.near, *one.far, 20, 4), gathered(*two.near, *two.far, 20, 4),
                      gathered(*three.near, *three.far, 1, 4),
                      gathered(*four.near, *four.far, 3000, 50));
    co_return {};
}

TEST_P(transport_test, sends_pieces_in_order_empty_ones_included) { run(gathered(*world_, 20, 4)); }

TEST_P(transport_test, sends_on_several_streams_in_one_turn) { run(gathered_together(*world_)); }

TEST_P(transport_test, sends_more_pieces_than_one_call_takes) { run(gathered(*world_, 3000, 50)); }

task<result<>> nothing_to_send(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    co_await or_return(send_pieces{*near, std::span<piece>{}});
    co_await or_return(send_text(*near, ""));
    co_await or_return(send_text(*near, "end"));
    const auto got = co_await or_return(receive_text(*far, 3));
    EXPECT_EQ(got, "end");
    co_return {};
}

TEST_P(transport_test, sends_nothing_without_ado) { run(nothing_to_send(*world_)); }

task<result<>> nobody_waits_for_it(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    // More than fits at once, so that the transport has to go on by itself.
    std::string text = pattern(world.flood());
    std::array pieces{piece{text.data(), text.size()}};
    const unawaited_send sent{*near, pieces};
    const auto got = co_await or_return(receive_text(*far, text.size()));
    EXPECT_TRUE(got == text);
    co_await or_return(send_text(*far, "whatever happens next"));
    co_await or_return(receive_chunk{*near});
    EXPECT_TRUE(sent.done());
    co_return {};
}

TEST_P(transport_test, sends_what_nobody_waits_for) { run(nobody_waits_for_it(*world_)); }

class late_awaiter final : public transport::send_awaiter {
public:
    using operation_awaiter::operation_awaiter;
    bool await_ready() noexcept {
        set_awaited(false);
        return operation_awaiter::await_ready();
    }
    void await_suspend(continuation then) noexcept {
        set_awaited(true);
        operation_awaiter::await_suspend(then);
    }
    errc await_resume() const noexcept { return status(); }
};

class [[nodiscard]] late_wait {
public:
    late_wait(transport& to, std::span<piece> pieces) noexcept : to_{&to}, pieces_{pieces} {}
    late_awaiter await_with(const environment& env) const { return {*to_, env, pieces_}; }

private:
    transport* to_;
    std::span<piece> pieces_;
};

task<result<>> somebody_waits_after_all(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    std::string text = "x";
    for (int at = 0; at < 20; ++at) {
        std::array pieces{piece{text.data(), text.size()}};
        const errc status = co_await late_wait{*near, pieces};  // nothing else happens here
        EXPECT_EQ(status, errc{});
    }
    EXPECT_EQ(co_await or_return(receive_text(*far, 20)), std::string(20, 'x'));
    co_return {};
}

TEST_P(transport_test, tells_at_once_of_a_send_that_somebody_began_to_wait_for) {
    run(somebody_waits_after_all(*world_));
}

task<result<>> slow_reader(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    const std::size_t flood = world.flood();
    const std::string text = pattern(flood);
    std::vector<piece> pieces{piece{text.data(), text.size()}};
    const auto cut_off = co_await with_timeout(30ms, send_pieces{*near, pieces});
    EXPECT_FALSE(cut_off.has_value()) << "nobody reads, and yet all of it was sent";
    const std::size_t left = pieces.front().size;
    EXPECT_GT(left, 0U);
    EXPECT_LT(left, flood);
    // What the pieces say has been sent is what arrives, also when the send was cut off.
    auto [sent, got] = co_await when_all(send_text(*near, text.substr(flood - left, left)),
                                         receive_text(*far, flood));
    EXPECT_TRUE(sent.has_value());
    EXPECT_TRUE(got.value_or("") == text);
    co_return {};
}

TEST_P(transport_test, bounds_what_a_slow_reader_is_sent_and_tells_how_far_it_came) {
    run(slow_reader(*world_));
}

task<result<>> half_close(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    co_await or_return(send_text(*near, "question"));
    near->shutdown();
    const auto question = co_await receive_up_to(*far, 100);
    EXPECT_EQ(question, "question");
    co_await or_return(send_text(*far, "answer"));
    far->shutdown();
    const auto answer = co_await receive_up_to(*near, 100);
    EXPECT_EQ(answer, "answer");
    EXPECT_EQ(co_await receive_error(*near), errc::end_of_stream);
    co_return {};
}

TEST_P(transport_test, closes_one_way_and_stays_open_the_other) { run(half_close(*world_)); }

task<std::size_t> what_is_left(transport& of) {
    while (!of.left_before_end()) (void)co_await sleep(1ms);
    co_return of.left_before_end().value();
}

std::string peeked(const transport& of, std::size_t most) {
    std::string text(most, '?');
    text.resize(of.peek({reinterpret_cast<std::byte*>(text.data()), text.size()}));
    return text;
}

task<result<>> left_before_end(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    co_await or_return(send_text(*near, "some"));
    const chunk some = co_await or_return(receive_chunk{*far});
    EXPECT_EQ(far->left_before_end(), std::nullopt);
    co_await or_return(send_text(*near, "and more"));
    near->shutdown();
    std::array<std::byte, 5> place{};
    for (std::string left = std::string{"someand more"}.substr(some.size()); !left.empty();) {
        EXPECT_EQ(co_await what_is_left(*far), left.size());
        EXPECT_EQ(peeked(*far, 3), left.substr(0, 3));
        EXPECT_EQ(peeked(*far, 100), left);
        left.erase(0, co_await or_return(receive_into{*far, place}));
    }
    EXPECT_EQ(co_await what_is_left(*far), 0U);
    EXPECT_EQ(peeked(*far, 100), "");
    EXPECT_EQ((co_await receive_chunk{*far}).error(), errc::end_of_stream);
    EXPECT_EQ(co_await what_is_left(*far), 0U);
    co_return {};
}

TEST_P(transport_test, knows_how_much_is_left_where_the_peer_has_finished) {
    run(left_before_end(*world_));
}

// Of which an engine may have received the beginning by itself.
task<result<>> much_is_left(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    const std::string text = pattern(world.flood() / 1000);
    co_await or_return(send_text(*near, "some"));
    const chunk some = co_await or_return(receive_chunk{*far});
    EXPECT_EQ(some.size(), 4U);
    co_await or_return(send_text(*near, text));
    near->shutdown();
    EXPECT_EQ(co_await what_is_left(*far), text.size());
    EXPECT_EQ(peeked(*far, text.size() / 2), text.substr(0, text.size() / 2));
    EXPECT_EQ(peeked(*far, text.size()), text);
    EXPECT_EQ(co_await receive_text(*far, text.size()), text);
    co_return {};
}

TEST_P(transport_test, shows_what_is_left_and_leaves_it) { run(much_is_left(*world_)); }

task<result<>> nothing_was_received(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    co_await or_return(send_text(*near, "all"));
    near->shutdown();
    EXPECT_EQ(co_await what_is_left(*far), 3U);
    co_return {};
}

TEST_P(transport_test, knows_how_much_is_left_where_nothing_was_received) {
    run(nothing_was_received(*world_));
}

task<result<>> end_stays(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    near->shutdown();
    for (int i = 0; i < 3; ++i) EXPECT_EQ(co_await receive_error(*far), errc::end_of_stream);
    std::array<std::byte, 4> place{};
    const auto again = co_await receive_into{*far, place};
    EXPECT_EQ(again.error(), errc::end_of_stream);
    co_return {};
}

TEST_P(transport_test, says_end_of_stream_every_time) { run(end_stays(*world_)); }

task<result<>> ends_while_waiting(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    const auto leave = [](transport& side) -> task<> {
        side.shutdown();
        co_return;
    };
    auto [why, left] = co_await when_all(receive_error(*far), leave(*near));
    EXPECT_EQ(why, errc::end_of_stream);
    co_return {};
}

TEST_P(transport_test, ends_a_receive_that_waits_when_the_peer_finishes) {
    run(ends_while_waiting(*world_));
}

task<result<>> closed_by_destruction(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    co_await or_return(send_text(*near, "last words"));
    near.reset();
    EXPECT_EQ(co_await receive_up_to(*far, 100), "last words");
    EXPECT_EQ(co_await receive_error(*far), errc::end_of_stream);
    co_return {};
}

TEST_P(transport_test, delivers_what_was_sent_before_it_was_closed) {
    run(closed_by_destruction(*world_));
}

task<> break_off(std::unique_ptr<transport>& side) {
    side->abort();
    side.reset();
    co_return;
}

task<result<>> aborted(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    co_await break_off(near);
    EXPECT_EQ(co_await receive_error(*far), errc::reset);
    co_return {};
}

TEST_P(transport_test, resets_the_peer_when_aborted) { run(aborted(*world_)); }

task<result<>> aborted_while_waiting(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    auto [why, left] = co_await when_all(receive_error(*far), break_off(near));
    EXPECT_EQ(why, errc::reset);
    co_return {};
}

TEST_P(transport_test, resets_a_receive_that_waits) { run(aborted_while_waiting(*world_)); }

task<result<>> aborted_while_sending(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    auto [sent, left] = co_await when_all(send_text(*far, pattern(world.flood())), break_off(near));
    EXPECT_EQ(sent ? errc{} : sent.error().code(), errc::reset);
    co_return {};
}

TEST_P(transport_test, resets_a_send_that_waits) { run(aborted_while_sending(*world_)); }

task<result<>> closed_unread(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    co_await or_return(send_text(*near, "unheard"));
    // Its first part is read, so that all has arrived that one send brings.
    std::array<std::byte, 1> first{};
    co_await or_return(receive_into{*far, first});
    far.reset();
    EXPECT_EQ(co_await receive_error(*near), errc::reset);
    co_return {};
}

TEST_P(transport_test, resets_the_peer_when_closed_with_bytes_unread) {
    run(closed_unread(*world_));
}

task<result<>> sends_to_the_gone(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    near.reset();
    result<> sent;
    while (sent) sent = co_await send_text(*far, pattern(1000));
    EXPECT_EQ(sent.error(), errc::reset);
    co_return {};
}

TEST_P(transport_test, resets_those_who_send_to_the_gone) { run(sends_to_the_gone(*world_)); }

task<errc> broken_by(transport& of) { co_return co_await watch_break{of}; }

task<result<>> watched(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    auto [why, left] = co_await when_all(broken_by(*far), break_off(near));
    EXPECT_EQ(why, errc::reset);
    co_return {};
}

TEST_P(transport_test, tells_who_watches_of_a_reset) { run(watched(*world_)); }

task<result<>> watched_late(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    co_await break_off(near);
    EXPECT_EQ(co_await receive_error(*far), errc::reset);
    EXPECT_EQ(co_await broken_by(*far), errc::reset);
    EXPECT_EQ(co_await broken_by(*far), errc::reset) << "it stays broken";
    co_return {};
}

TEST_P(transport_test, tells_of_a_reset_that_came_before_the_watch) { run(watched_late(*world_)); }

task<result<>> watched_beside(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    auto [why, received, left] =
        co_await when_all(broken_by(*far), receive_error(*far), break_off(near));
    EXPECT_EQ(why, errc::reset);
    EXPECT_EQ(received, errc::reset);
    co_return {};
}

TEST_P(transport_test, tells_of_a_reset_beside_a_receive) { run(watched_beside(*world_)); }

task<result<>> finishes_and_breaks(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    near->shutdown();
    EXPECT_EQ(co_await receive_error(*far), errc::end_of_stream);
    EXPECT_EQ(co_await with_timeout(20ms, broken_by(*far)), errc::timed_out);
    co_await or_return(send_text(*far, "heard"));
    const auto got = co_await or_return(receive_text(*near, 5));
    EXPECT_EQ(got, "heard");
    auto [why, left] = co_await when_all(broken_by(*far), break_off(near));
    EXPECT_EQ(why, errc::reset);
    co_return {};
}

TEST_P(transport_test, does_not_take_the_peers_end_for_a_break) {
    run(finishes_and_breaks(*world_));
}

task<result<>> many_links(world& world) {
    std::vector<link> links;
    for (int i = 0; i < 40; ++i) {
        auto made = co_await or_return(world.make_link());
        links.push_back(std::move(made));
    }
    for (std::size_t i = 0; i < links.size(); ++i) {
        co_await or_return(send_text(*links[i].near, std::to_string(i)));
    }
    for (std::size_t i = links.size(); i-- > 0;) {
        const auto expected = std::to_string(i);
        const auto got = co_await or_return(receive_text(*links[i].far, expected.size()));
        EXPECT_EQ(got, expected);
    }
    co_return {};
}

TEST_P(transport_test, keeps_many_streams_apart) { run(many_links(*world_)); }

}  // namespace
}  // namespace weir::inline v0::io
