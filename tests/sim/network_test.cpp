// What is particular to the simulated network; what it shares with a kernel's is tested in
// tests/io.
#include "weir/sim/network.hpp"

#include <optional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "weir/io/loop.hpp"
#include "weir/sim/engine.hpp"
#include "weir/task/scope.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/when_all.hpp"
#include "weir/task/with_timeout.hpp"

#include "io/transport_ops.hpp"
#include "io/world.hpp"

namespace weir::inline v0::sim {
namespace {

using namespace std::chrono_literals;
using io::link;

// One loop alone on a network.
class lone_loop {
public:
    explicit lone_loop(const network_options& options)
        : network_{options},
          loop_{[this](io::slab_pool& slabs) { return make_engine(network_, slabs); }, {}} {}

    network& net() { return network_; }
    io::loop& loop() { return loop_; }
    io::engine& engine() { return loop_.engine(); }
    void run(task<result<>> main) { loop_.run(ends_well(std::move(main))); }

private:
    static task<> ends_well(task<result<>> main) {
        const auto outcome = co_await std::move(main);
        EXPECT_TRUE(outcome.has_value()) << outcome.error().message();
    }

    network network_;
    io::loop loop_;
};

task<result<link>> make_link(io::engine& engine) {
    auto place = co_await or_return(io::listen_here(engine));
    auto [near, far] =
        co_await when_all(io::dial(engine, place->local()), io::take(engine, *place));
    if (!near || !far) co_return fail(errc::internal);
    co_return link{std::move(*near), std::move(*far)};
}

task<result<>> sleeps_long() {
    co_await or_return(sleep(24h));
    co_return {};
}

TEST(sim_network, spends_no_time_on_waiting) {
    lone_loop lone{network_options{}};
    const time_point before = lone.net().now();
    lone.run(sleeps_long());
    EXPECT_EQ(lone.net().now() - before, 24h);
}

task<result<>> measures(lone_loop& lone) {
    const time_point start = lone.net().now();
    auto place = co_await or_return(io::listen_here(lone.engine()));
    auto near = co_await or_return(io::dial(lone.engine(), place->local()));
    EXPECT_EQ(lone.net().now() - start, 20ms) << "a handshake takes both ways";
    auto far = co_await or_return(io::take(lone.engine(), *place));
    co_await or_return(io::send_text(*near, "x"));
    co_await or_return(io::receive_text(*far, 1));
    EXPECT_EQ(lone.net().now() - start, 30ms);
    near.reset();
    EXPECT_EQ(co_await io::receive_error(*far), errc::end_of_stream);
    EXPECT_EQ(lone.net().now() - start, 40ms);
    co_return {};
}

TEST(sim_network, takes_its_latency_one_way) {
    network_options options;
    options.latency = 10ms;
    lone_loop lone{options};
    lone.run(measures(lone));
}

task<result<>> fills_the_window(io::engine& engine) {
    auto [near, far] = co_await or_return(make_link(engine));
    const std::string text = io::pattern(1001);
    std::vector<io::piece> pieces{io::piece{text.data(), text.size()}};
    const auto sent = co_await with_timeout(1h, io::send_pieces{*near, pieces});
    EXPECT_EQ(sent ? errc{} : sent.error().code(), errc::timed_out);
    EXPECT_EQ(pieces.front().size, 1U);
    co_return {};
}

TEST(sim_network, takes_a_window_and_not_a_byte_more) {
    network_options options;
    options.window = 1000;
    lone_loop lone{options};
    lone.run(fills_the_window(lone.engine()));
}

using history = std::vector<std::pair<time_point, std::size_t>>;

task<result<>> records(io::loop& loop, io::transport& from, history& into) {
    std::size_t left = 50'000;
    while (left > 0) {
        const auto next = co_await or_return(io::receive_chunk{from});
        left -= next.size();
        into.emplace_back(loop.now(), next.size());
    }
    co_return {};
}

task<result<>> happens(io::loop& loop, history& into) {
    auto [near, far] = co_await or_return(make_link(loop.engine()));
    auto [sent, got] =
        co_await when_all(io::send_text(*near, io::pattern(50'000)), records(loop, *far, into));
    if (!sent || !got) co_return fail(errc::internal);
    co_return {};
}

history history_of(std::uint64_t seed) {
    network_options options;
    options.seed = seed;
    options.latency = 1ms;
    lone_loop lone{options};
    history made;
    lone.run(happens(lone.loop(), made));
    return made;
}

TEST(sim_network, goes_the_same_way_over_the_same_seed) {
    for (const std::uint64_t seed : {0U, 1U, 77U}) EXPECT_EQ(history_of(seed), history_of(seed));
}

TEST(sim_network, goes_another_way_over_another_seed) {
    EXPECT_NE(history_of(1), history_of(2));
    EXPECT_EQ(history_of(0).size(), 4U) << "seed 0 fills whole slabs";
    EXPECT_GT(history_of(1).size(), 4U);
}

task<result<>> finds_the_successor(io::engine& engine) {
    auto old = co_await or_return(io::listen_here(engine));
    const io::endpoint at = old->local();
    old->refuse_new();
    const auto replace = [](io::engine& by, std::unique_ptr<io::listener> before,
                            io::endpoint place) -> task<result<std::unique_ptr<io::listener>>> {
        co_await or_return(sleep(100ms));
        before.reset();
        co_return by.listen(place, io::listen_options{});
    };
    auto [came, successor] =
        co_await when_all(io::dial(engine, at), replace(engine, std::move(old), at));
    EXPECT_TRUE(came.has_value());
    EXPECT_TRUE(successor.has_value() && (*successor)->has_waiting());
    co_return {};
}

TEST(sim_network, tries_again_where_new_connections_were_not_let_in) {
    lone_loop lone{network_options{}};
    const time_point before = lone.net().now();
    lone.run(finds_the_successor(lone.engine()));
    EXPECT_EQ(lone.net().now() - before, 1s);
}

task<result<>> crowds(io::engine& engine) {
    io::listen_options options;
    options.backlog = 1;
    auto place = engine.listen(io::endpoint{}, options);
    if (!place) co_return fail(std::move(place).error());
    auto first = co_await or_return(io::dial(engine, (*place)->local()));
    const auto second = co_await with_timeout(5s, io::dial(engine, (*place)->local()));
    EXPECT_EQ(second ? errc{} : second.error().code(), errc::timed_out);
    auto taken = co_await or_return(io::take(engine, **place));
    auto third = co_await or_return(io::dial(engine, (*place)->local()));
    co_return {};
}

TEST(sim_network, lets_no_more_wait_than_the_backlog) {
    lone_loop lone{network_options{}};
    lone.run(crowds(lone.engine()));
}

task<> naps(time_point& woke) {
    const environment& env = co_await this_env{};
    (void)co_await sleep(10s);
    woke = env.now();
}

// BEHAVIOUR.md, Process, "waking more than 1 s late shifts timers".
TEST(sim_network, shows_a_loop_that_it_was_stopped_and_expires_nothing_for_it) {
    lone_loop lone{network_options{}};
    const time_point before = lone.loop().now();
    time_point woke{};
    task_scope scope{lone.loop().env(), [](const error&) { FAIL(); }};
    scope.spawn(naps(woke));
    lone.loop().turn(before + 1s);
    lone.net().skip(1h);
    lone.loop().turn(before + 2s);
    EXPECT_EQ(woke, time_point{});
    while (scope.size() > 0) lone.loop().turn(before + 20s);
    EXPECT_EQ(woke, before + 10s) << "in the loop's own time";
    EXPECT_GE(lone.net().now(), before + 1h);
}

TEST(sim_network, counts_an_address_for_any_as_in_use_everywhere) {
    lone_loop lone{network_options{}};
    const auto any = lone.engine().listen(io::endpoint::ipv4({0, 0, 0, 0}, 80), {});
    ASSERT_TRUE(any.has_value());
    const auto one = io::endpoint::ipv4({10, 0, 0, 1}, 80);
    EXPECT_EQ(lone.engine().listen(one, {}).error(), errc::address_in_use);
    EXPECT_TRUE(lone.engine().listen(io::endpoint::ipv4({10, 0, 0, 1}, 81), {}).has_value());
}

}  // namespace
}  // namespace weir::inline v0::sim
