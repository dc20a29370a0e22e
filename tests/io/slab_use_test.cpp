// How transports use the loop's slabs: none while idle, back when dropped, a pause when there are
// none.
#include <vector>

#include <gtest/gtest.h>

#include "weir/task/scope.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/when_all.hpp"
#include "weir/task/with_timeout.hpp"

#include "io/transport_ops.hpp"
#include "io/world.hpp"

namespace weir::inline v0::io {
namespace {

using namespace std::chrono_literals;

class slab_use_test : public world_test<world> {};

INSTANTIATE_TEST_SUITE_P(on, slab_use_test, testing::ValuesIn(transport_names()), name_of);

task<> ignore(transport& from) { (void)co_await receive_chunk{from}; }

task<result<>> idle_holds_none(world& world) {
    const environment& env = co_await this_env{};
    std::vector<link> links;
    task_scope scope{env, [](const error&) { FAIL(); }};
    std::size_t with_one = 0;
    for (int i = 0; i < 60; ++i) {
        auto made = co_await or_return(world.make_link());
        links.push_back(std::move(made));
        scope.spawn(ignore(*links.back().far));
        co_await or_return(sleep(1ms));
        if (i == 0) with_one = world.slabs().free();
    }
    EXPECT_EQ(world.slabs().free(), with_one);
    scope.request_stop();
    co_await scope.join();
    co_return {};
}

TEST_P(slab_use_test, an_idle_connection_holds_none) { run(idle_holds_none(*world_)); }

task<result<>> comes_back(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    for (int i = 0; i < 1000; ++i) {
        co_await or_return(send_text(*near, "x"));
        const chunk got = co_await or_return(receive_chunk{*far});
        EXPECT_EQ(got.text(), "x");
    }
    co_return {};
}

TEST_P(slab_use_test, a_slab_comes_back_when_it_is_dropped) {
    make(16);
    run(comes_back(*world_));
}

// Receives single bytes and keeps their slabs, until the budget is used up.
task<result<std::vector<chunk>>> hoard(world& world, transport& from, transport& to) {
    std::vector<chunk> kept;
    for (std::size_t i = 0; i <= world.slabs().size(); ++i) {
        co_await or_return(send_text(from, std::string(1, static_cast<char>('a' + i))));
        auto next = co_await with_timeout(20ms, receive_chunk{to});
        if (!next) {
            EXPECT_EQ(next.error(), errc::timed_out);
            break;
        }
        kept.push_back(std::move(*next));
    }
    co_return kept;
}

task<result<>> pauses(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    auto kept = co_await or_return(hoard(world, *near, *far));
    EXPECT_LE(kept.size(), world.slabs().size());
    EXPECT_GT(kept.size(), world.slabs().size() / 2);
    const auto expected = static_cast<char>('a' + kept.size());
    kept.clear();
    const auto got = co_await or_return(receive_text(*far, 1));
    EXPECT_EQ(got.front(), expected);
    co_return {};
}

TEST_P(slab_use_test, reading_pauses_when_the_budget_is_used_up) {
    make(16);
    run(pauses(*world_));
}

task<result<>> drop_later(std::vector<chunk> kept) {
    co_await or_return(sleep(10ms));
    kept.clear();
    co_return {};
}

task<result<>> goes_on(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    auto kept = co_await or_return(hoard(world, *near, *far));
    const auto expected = static_cast<char>('a' + kept.size());
    auto [got, dropped] = co_await when_all(receive_text(*far, 1), drop_later(std::move(kept)));
    EXPECT_EQ(got.value_or("?").front(), expected);
    EXPECT_TRUE(dropped.has_value());
    co_return {};
}

TEST_P(slab_use_test, a_receive_that_waits_goes_on_when_slabs_come_back) {
    make(16);
    run(goes_on(*world_));
}

task<result<>> given_place(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    auto kept = co_await or_return(hoard(world, *near, *far));
    std::array<std::byte, 4> place{};
    const auto size = co_await or_return(receive_into{*far, place});
    EXPECT_EQ(size, 1U);
    EXPECT_EQ(static_cast<char>(place[0]), static_cast<char>('a' + kept.size()));
    co_return {};
}

TEST_P(slab_use_test, a_receive_into_a_given_place_needs_none) {
    make(16);
    run(given_place(*world_));
}

task<result<>> one_hoards(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    auto [others_near, others_far] = co_await or_return(world.make_link());
    auto kept = co_await or_return(hoard(world, *near, *far));
    auto [sent, got, dropped] =
        co_await when_all(send_text(*others_near, pattern(100'000)),
                          receive_text(*others_far, 100'000), drop_later(std::move(kept)));
    EXPECT_TRUE(sent.has_value());
    EXPECT_TRUE(got.value_or("") == pattern(100'000));
    co_return {};
}

TEST_P(slab_use_test, those_who_starved_meanwhile_lose_nothing) {
    make(16);
    run(one_hoards(*world_));
}

// Each has been read once, so that whatever an engine arms for more of it is armed.
task<result<>> unread_own_little(world& world) {
    constexpr std::size_t connections = 40;
    const std::size_t at_first = world.slabs().free();
    std::vector<link> links;
    for (std::size_t i = 0; i < connections; ++i) {
        auto made = co_await or_return(world.make_link());
        links.push_back(std::move(made));
        co_await or_return(send_text(*links.back().near, "x"));
        (void)co_await or_return(receive_chunk{*links.back().far});
    }
    for (link& link : links) {
        (void)co_await with_timeout(5ms, send_text(*link.near, pattern(200'000)));
    }
    constexpr std::size_t engine_keeps = 64;  // for whoever gets something next
    EXPECT_LE(at_first - world.slabs().free(), connections + engine_keeps);
    co_return {};
}

TEST_P(slab_use_test, a_flood_that_nobody_reads_owns_one_slab_at_most) {
    make(1024);
    run(unread_own_little(*world_));
}

task<result<std::string>> receive_text_late(transport& from, std::size_t size) {
    co_await or_return(sleep(5ms));
    co_return co_await receive_text(from, size);
}

task<result<>> arrives_whole(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    co_await or_return(send_text(*near, "x"));
    (void)co_await or_return(receive_chunk{*far});
    const std::string flood = pattern(200'000);
    auto [sent, got] =
        co_await when_all(send_text(*near, flood), receive_text_late(*far, flood.size()));
    EXPECT_TRUE(sent.has_value());
    EXPECT_TRUE(got.value_or("") == flood);
    co_return {};
}

TEST_P(slab_use_test, a_flood_that_nobody_read_for_a_while_arrives_whole) {
    run(arrives_whole(*world_));
}

// Read in more ways than one, with a rest each time.
task<result<>> pieces_are_one_stream(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    const std::string sent = pattern(3000);
    std::string got;
    for (std::size_t at = 0; at < sent.size(); at += 300) {
        co_await or_return(send_text(*near, sent.substr(at, 100)));
        const chunk first = co_await or_return(receive_chunk{*far});
        got += first.text();
        for (const unsigned more : {100U, 200U}) {
            co_await or_return(send_text(*near, sent.substr(at + more, 100)));
            co_await or_return(sleep(1ms));
        }
        std::array<std::byte, 70> place{};
        const auto size = co_await or_return(receive_into{*far, place});
        got += as_text(bytes_view{place}.first(size));
        while (got.size() < at + 300) {
            const chunk rest = co_await or_return(receive_chunk{*far});
            got += rest.text();
        }
    }
    EXPECT_EQ(got, sent);
    co_return {};
}

TEST_P(slab_use_test, what_came_in_pieces_while_nobody_read_is_one_stream) {
    run(pieces_are_one_stream(*world_));
}

task<result<>> ends_after_the_rest(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    co_await or_return(send_text(*near, "x"));
    (void)co_await or_return(receive_chunk{*far});
    co_await or_return(send_text(*near, "the rest"));
    near->shutdown();
    co_await or_return(sleep(1ms));
    const auto got = co_await or_return(receive_text(*far, 8));
    EXPECT_EQ(got, "the rest");
    for (int again = 0; again < 2; ++again) {
        const auto end = co_await receive_chunk{*far};
        EXPECT_EQ(end ? errc{} : end.error().code(), errc::end_of_stream);
    }
    co_return {};
}

TEST_P(slab_use_test, an_end_that_came_while_nobody_read_is_told_after_the_rest) {
    run(ends_after_the_rest(*world_));
}

// Told that its memory is wanted.
class holder final : public memory_holder {
public:
    void evict() noexcept override { ++evicted; }

    int evicted = 0;
};

task<result<>> tells_the_oldest(world& world, holder& oldest) {
    auto [near, far] = co_await or_return(world.make_link());
    world.slabs().hold(oldest);
    auto kept = co_await or_return(hoard(world, *near, *far));
    EXPECT_EQ(oldest.evicted, 1);
    co_return {};
}

TEST_P(slab_use_test, who_holds_an_incomplete_message_longest_is_told_to_give_up) {
    make(16);
    holder oldest;
    run(tells_the_oldest(*world_, oldest));
}

}  // namespace
}  // namespace weir::inline v0::io
