// Each wait of a task and of this room's things, ended in each way at each moment: what users
// report against coroutine libraries. Those of sockets are in io's cancel_test.cpp.
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "weir/flow/channel.hpp"
#include "weir/flow/gate.hpp"
#include "weir/flow/oneshot.hpp"
#include "weir/flow/semaphore.hpp"
#include "weir/flow/shared_semaphore.hpp"
#include "weir/flow/watch.hpp"
#include "weir/task/shielded.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/when_all.hpp"
#include "weir/task/when_any.hpp"
#include "weir/task/with_stop.hpp"
#include "weir/task/with_timeout.hpp"

#include "task/driver.hpp"

namespace weir::inline v0::flow {
namespace {

using namespace std::chrono_literals;

template <class T>
result<> without_value(const result<T>& outcome) {
    if (!outcome) return fail(outcome.error().code());
    return {};
}

// Each kind has something to wait for, and what ends the wait.

struct a_sleep {
    task<result<>> wait() { co_return co_await sleep(10ms); }
    void complete(driver& on) { on.loop().advance(on.now() + 10ms); }
};

template <class Semaphore>
struct a_turn {
    task<result<>> wait() {
        const auto permit = co_await places.acquire();
        co_return without_value(permit);
    }
    void complete(driver&) { held.reset(); }

    Semaphore places{1};
    std::optional<typename Semaphore::permit> held{*places.try_acquire()};
};

struct a_closing_gate {
    task<result<>> wait() { co_return co_await closing.close(); }
    void complete(driver&) { inside.reset(); }

    gate closing;
    std::optional<gate::holder> inside{*closing.enter()};
};

struct a_place_in_a_channel {
    a_place_in_a_channel() { (*items.try_reserve()).send(1); }
    task<result<>> wait() {
        const auto place = co_await items.reserve();
        co_return without_value(place);
    }
    void complete(driver&) { (void)items.try_receive(); }

    channel<int> items{1};
};

struct an_item_of_a_channel {
    task<result<>> wait() {
        const auto item = co_await items.receive();
        co_return without_value(item);
    }
    void complete(driver&) { (*items.try_reserve()).send(1); }

    channel<int> items{1};
};

struct an_event {
    task<result<>> wait() { co_return co_await happening.wait(); }
    void complete(driver&) { happening.set(); }

    event happening;
};

struct a_oneshot {
    task<result<>> wait() {
        const auto value = co_await halves.second.receive();
        co_return without_value(value);
    }
    void complete(driver&) { EXPECT_TRUE(std::move(halves.first).send(1)); }

    std::pair<oneshot<int>::sender, oneshot<int>::receiver> halves = oneshot<int>::make();
};

struct a_change {
    task<result<>> wait() { co_return co_await by.changed(); }
    void complete(driver&) { number.publish(1); }

    watch<int> number{0};
    watch<int>::subscriber by = number.subscribe();
};

// Those that a stop does not end, or ends only through what is below them.

struct a_yield {
    task<result<>> wait() {
        co_await yield();
        co_return result<>{};
    }
    void complete(driver&) {}
};

template <class Around>
struct a_sleep_in : a_sleep {
    task<result<>> wait() { return Around::around(a_sleep::wait()); }
};

struct all {
    static task<result<>> around(task<result<>> inner) {
        auto [one] = co_await when_all(std::move(inner));
        co_return std::move(one);
    }
};

struct any {
    static task<result<>> around(task<result<>> inner) {
        auto race = co_await when_any(std::move(inner));
        co_return std::move(std::get<0>(race.outcomes));
    }
};

struct a_scope {
    static task<result<>> around(task<result<>> inner) {
        const environment& env = co_await this_env{};
        task_scope scope{env, [](const error&) {}};
        scope.spawn(std::move(inner));
        co_await scope.join();
        co_return result<>{};
    }
};

struct a_shield {
    static task<result<>> around(task<result<>> inner) {
        co_return co_await shielded(1h, std::move(inner));
    }
};

struct a_timeout {
    static task<result<>> around(task<result<>> inner) {
        co_return co_await with_timeout(1h, std::move(inner));
    }
};

struct a_stop {
    static task<result<>> around(task<result<>> inner) {
        const environment& env = co_await this_env{};
        stop_node node{env.stop()};
        co_return co_await with_stop(node, std::move(inner));
    }
};

// One kind, and a task that waits for it.
template <class Kind>
class scene {
public:
    using errors = std::vector<errc>;

    task<> waits() { return waits_in(*this, held_by_the_frame_); }
    task<> waits_at_most(duration patience) { return waits_at_most_in(*this, patience); }
    // Waits for something else afterwards, which never comes.
    task<> waits_twice() { return waits_twice_in(*this); }
    void complete() { kind_.complete(driver_); }
    task<result<>> wait_again() { return kind_.wait(); }

    driver& loop() { return driver_; }
    task_scope make_scope() {
        return task_scope{environment{driver_.loop(), driver_.stop()},
                          [](const error&) { FAIL(); }};
    }
    const errors& outcomes() const { return outcomes_; }
    bool has_frame() const { return held_by_the_frame_.use_count() > 1; }

private:
    void note(const result<>& outcome) {
        outcomes_.push_back(outcome ? errc{} : outcome.error().code());
    }
    static task<> waits_in(scene& in, std::shared_ptr<int> /*a part of the frame*/) {
        const auto outcome = co_await in.kind_.wait();
        in.note(outcome);
    }
    static task<> waits_at_most_in(scene& in, duration patience) {
        const auto outcome = co_await with_timeout(patience, in.kind_.wait());
        in.note(outcome);
    }
    static task<> waits_twice_in(scene& in) {
        const auto first = co_await in.kind_.wait();
        in.note(first);
        const auto second = co_await sleep(1h);
        in.note(second);
    }

    Kind kind_;
    errors outcomes_;
    std::shared_ptr<int> held_by_the_frame_ = std::make_shared<int>(0);
    driver driver_;
};

using leaves =
    testing::Types<a_sleep, a_turn<semaphore>, a_turn<shared_semaphore>, a_closing_gate,
                   a_place_in_a_channel, an_item_of_a_channel, an_event, a_oneshot, a_change>;
using all_kinds =
    testing::Types<a_sleep, a_turn<semaphore>, a_turn<shared_semaphore>, a_closing_gate,
                   a_place_in_a_channel, an_item_of_a_channel, an_event, a_oneshot, a_change,
                   a_yield, a_sleep_in<all>, a_sleep_in<any>, a_sleep_in<a_scope>,
                   a_sleep_in<a_shield>, a_sleep_in<a_timeout>, a_sleep_in<a_stop>>;

template <class Kind>
class a_destroyed_task : public testing::Test {};
TYPED_TEST_SUITE(a_destroyed_task, all_kinds);

template <class Kind>
void expect_nothing_left(scene<Kind>& in) {
    EXPECT_FALSE(in.has_frame());
    in.loop().run();
    EXPECT_TRUE(in.outcomes().empty());
    EXPECT_EQ(in.loop().loop().next_expiry(), never);
}

TYPED_TEST(a_destroyed_task, that_never_started_leaves_nothing_behind) {
    scene<TypeParam> scene;
    {
        const auto never_started = scene.waits();
        EXPECT_TRUE(scene.has_frame());
    }
    scene.complete();
    expect_nothing_left(scene);
}

TYPED_TEST(a_destroyed_task, that_waits_leaves_nothing_behind) {
    scene<TypeParam> scene;
    {
        auto dies = scene.make_scope();
        dies.spawn(scene.waits());
        EXPECT_TRUE(scene.has_frame());
    }
    scene.complete();
    expect_nothing_left(scene);
}

TYPED_TEST(a_destroyed_task, that_was_about_to_go_on_leaves_nothing_behind) {
    scene<TypeParam> scene;
    {
        auto dies = scene.make_scope();
        dies.spawn(scene.waits());
        scene.complete();
    }
    expect_nothing_left(scene);
}

template <class Kind>
class a_wait : public testing::Test {};
TYPED_TEST_SUITE(a_wait, leaves);

TYPED_TEST(a_wait, that_is_stopped_leaves_what_comes_then_to_the_next) {
    scene<TypeParam> scene;
    auto stopped = scene.make_scope();
    stopped.spawn(scene.waits());
    stopped.request_stop();
    scene.complete();
    scene.loop().run();
    EXPECT_EQ(scene.outcomes(), std::vector{errc::canceled});
    EXPECT_TRUE(scene.loop().run(scene.wait_again()));
}

TYPED_TEST(a_wait, keeps_its_completion_and_its_task_the_stop_that_came_after_it) {
    scene<TypeParam> scene;
    auto stopped = scene.make_scope();
    stopped.spawn(scene.waits_twice());
    scene.complete();
    stopped.request_stop();
    scene.loop().run();
    EXPECT_EQ(scene.outcomes(), (std::vector{errc{}, errc::canceled}));
}

TYPED_TEST(a_wait, has_one_outcome_where_its_deadline_comes_after_its_completion) {
    scene<TypeParam> scene;
    scene.loop().scope().spawn(scene.waits_at_most(1h));
    scene.complete();
    scene.loop().loop().advance(scene.loop().now() + 1h);
    scene.loop().run();
    EXPECT_EQ(scene.outcomes(), std::vector{errc{}});
}

TYPED_TEST(a_wait, has_one_outcome_where_its_deadline_comes_before_its_completion) {
    scene<TypeParam> scene;
    scene.loop().scope().spawn(scene.waits_at_most(1ms));
    scene.loop().loop().advance(scene.loop().now() + 1ms);
    scene.complete();
    scene.loop().run();
    EXPECT_EQ(scene.outcomes(), std::vector{errc::timed_out});
    EXPECT_TRUE(scene.loop().run(scene.wait_again()));
}

}  // namespace
}  // namespace weir::inline v0::flow
