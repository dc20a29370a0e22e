#include "weir/sim/stepper.hpp"

#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "weir/sim/engine.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"

#include "io/transport_ops.hpp"
#include "io/world.hpp"

namespace weir::inline v0::sim {
namespace {

using namespace std::chrono_literals;

// Three loops over one network.
class three_loops {
public:
    explicit three_loops(const network_options& options = {}) : network_{options} {
        for (auto& loop : loops_) {
            const auto make = [this](io::slab_pool& slabs) { return make_engine(network_, slabs); };
            loop = std::make_unique<io::loop>(make, io::loop_options{});
        }
    }
    network& net() { return network_; }
    io::loop& at(std::size_t index) { return *loops_[index]; }
    sim::stepper& stepper() { return stepper_.emplace(network_, all()); }

private:
    std::vector<io::loop*> all() { return {loops_[0].get(), loops_[1].get(), loops_[2].get()}; }

    network network_;
    std::array<std::unique_ptr<io::loop>, 3> loops_;
    std::optional<sim::stepper> stepper_;
};

task<> naps(duration length, std::vector<duration>& order) {
    (void)co_await sleep(length);
    order.push_back(length);
}

TEST(sim_stepper, fires_the_timers_of_all_loops_in_order) {
    three_loops world;
    const time_point before = world.net().now();
    std::vector<duration> order;
    task_scope first{world.at(1).env(), [](const error&) { FAIL(); }};
    task_scope second{world.at(2).env(), [](const error&) { FAIL(); }};
    first.spawn(naps(30ms, order));
    first.spawn(naps(10ms, order));
    second.spawn(naps(20ms, order));
    second.spawn(naps(1h, order));
    world.stepper().run(world.at(0), naps(2h, order));
    EXPECT_EQ(order, (std::vector<duration>{10ms, 20ms, 30ms, 1h, 2h}));
    EXPECT_EQ(world.net().now() - before, 2h);
}

// Passes itself from loop to loop by post(); the clock must stand still meanwhile.
class baton final : public runnable {
public:
    explicit baton(three_loops& world) : world_{&world} {}
    void run() noexcept override {
        if (++passed < 100) world_->at(passed % 3).scheduler().post(*this);
    }

    std::size_t passed = 0;

private:
    three_loops* world_;
};

TEST(sim_stepper, lets_no_time_pass_while_anything_is_posted) {
    three_loops world;
    const time_point before = world.net().now();
    baton baton{world};
    std::vector<duration> order;
    task_scope scope{world.at(0).env(), [](const error&) { FAIL(); }};
    scope.spawn(naps(1ms, order));
    world.at(2).scheduler().post(baton);
    sim::stepper& stepper = world.stepper();
    while (baton.passed < 100) {
        ASSERT_TRUE(stepper.step());
        if (baton.passed < 100) {
            ASSERT_EQ(world.net().now(), before);
        }
    }
    EXPECT_TRUE(order.empty());
}

TEST(sim_stepper, says_when_nothing_can_happen_any_more) {
    three_loops world;
    sim::stepper& stepper = world.stepper();
    EXPECT_FALSE(stepper.step());
}

TEST(sim_stepper, steps_a_single_loop_as_well) {
    network net{network_options{}};
    io::loop only{[&](io::slab_pool& slabs) { return make_engine(net, slabs); }, {}};
    stepper stepper{net, {&only}};
    EXPECT_FALSE(stepper.step());
    std::vector<duration> order;
    stepper.run(only, naps(1h, order));
    EXPECT_EQ(order.size(), 1U);
}

task<> waits_for_nobody(io::engine& engine) {
    auto place = engine.listen(io::endpoint{}, io::listen_options{});
    (void)co_await io::accept{**place};
}

TEST(sim_stepper, throws_where_a_task_cannot_end) {
    three_loops world;
    EXPECT_THROW(world.stepper().run(world.at(0), waits_for_nobody(world.at(0).engine())),
                 std::logic_error);
}

task<> throws() {
    (void)co_await sleep(1ms);
    throw std::runtime_error{"inside"};
}

TEST(sim_stepper, rethrows_what_its_task_throws) {
    three_loops world;
    EXPECT_THROW(world.stepper().run(world.at(2), throws()), std::runtime_error);
}

task<result<>> serve(io::engine& engine, io::listener& place) {
    auto peer = co_await or_return(io::take(engine, place));
    for (;;) {
        const auto next = co_await io::receive_chunk{*peer};
        if (!next) break;
        co_await or_return(io::send_text(*peer, std::string{next->text()}));
    }
    co_return {};
}

task<> calls(io::engine& engine, io::endpoint at, std::string& answer) {
    auto peer = co_await io::dial(engine, at);
    EXPECT_TRUE(peer.has_value());
    if (!peer) co_return;
    (void)co_await io::send_text(**peer, "there and back");
    answer = co_await io::receive_up_to(**peer, 14);
}

TEST(sim_stepper, carries_bytes_between_loops) {
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
        network_options options;
        options.seed = seed;
        options.latency = seed % 2 == 0 ? 0ms : 7ms;
        three_loops world{options};
        auto place = world.at(0).engine().listen(io::endpoint{}, io::listen_options{});
        ASSERT_TRUE(place.has_value());
        task_scope server{world.at(0).env(), [](const error& why) { FAIL() << why.message(); }};
        server.spawn(serve(world.at(0).engine(), **place));
        std::string answer;
        world.stepper().run(world.at(1), calls(world.at(1).engine(), (*place)->local(), answer));
        EXPECT_EQ(answer, "there and back") << "seed " << seed;
    }
}

}  // namespace
}  // namespace weir::inline v0::sim
