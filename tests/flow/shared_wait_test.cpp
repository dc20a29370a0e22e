// Waits that another thread completes while their own ends them: by a stop, by a deadline, by
// destruction. Run it under ThreadSanitizer.
#include "weir/flow/shared_wait.hpp"

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <random>
#include <utility>

#include <gtest/gtest.h>

#include "weir/flow/oneshot.hpp"
#include "weir/flow/shared_semaphore.hpp"
#include "weir/flow/watch.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/with_timeout.hpp"

#include "flow/loops.hpp"

namespace weir::inline v0::flow {
namespace {

using namespace std::chrono_literals;

// Each kind has something to wait for on one thread, and completes it on another.

struct across_an_event {
    task<result<>> wait() { co_return co_await happening.wait(); }
    void complete() { happening.set(); }

    event happening;
};

struct across_a_semaphore {
    task<result<>> wait() {
        const auto permit = co_await places.acquire();
        if (!permit) co_return fail(permit.error().code());
        co_return result<>{};
    }
    void complete() { held.reset(); }

    shared_semaphore places{1};
    std::optional<shared_semaphore::permit> held{*places.try_acquire()};
};

struct across_a_oneshot {
    task<result<>> wait() {
        const auto value = co_await halves.second.receive();
        if (!value) co_return fail(value.error().code());
        EXPECT_EQ(**value, 7);
        co_return result<>{};
    }
    void complete() { EXPECT_TRUE(std::move(halves.first).send(std::make_unique<int>(7))); }

    using parcels = oneshot<std::unique_ptr<int>>;
    std::pair<parcels::sender, parcels::receiver> halves = parcels::make();
};

struct across_a_watch {
    task<result<>> wait() {
        auto changed = co_await by.changed();
        if (changed) {
            EXPECT_EQ(*by.latest(), 1);
        }
        co_return std::move(changed);
    }
    void complete() { number.publish(1); }

    watch<int> number{0};
    watch<int>::subscriber by = number.subscribe();
};

// Both threads have come to the same round before one of them waits and the other completes.
template <class Kind>
struct race_round {
    Kind kind;
    event waiting;
    std::atomic<bool> completing = false;
};

template <class Kind>
using race_rounds = std::array<race_round<Kind>, 300>;

task<> passes(duration time) {
    const environment& env = co_await this_env{};
    for (const time_point until = env.now() + time; env.now() < until;) co_await yield();
}

// At once, or around the end of a deadline of delay, which a loop rounds up to its next
// millisecond.
template <class Kind>
task<> completes_each(race_rounds<Kind>& rounds, duration delay) {
    std::minstd_rand random{3};
    for (auto& round : rounds) {
        EXPECT_TRUE(co_await round.waiting.wait());
        if (delay > duration{}) co_await passes(delay + 1us * (random() % 1200));
        round.completing = true;
        round.kind.complete();
    }
}

// To be in the middle of the completion or shortly after, or, every second time, mostly before.
template <class Kind>
task<> comes_near(race_round<Kind>& round, unsigned random) {
    const environment& env = co_await this_env{};
    const time_point end = env.now() + (random % 2 == 0 ? duration{10s} : 1us * (random % 100));
    while (!round.completing && env.now() < end) co_await yield();
    for (auto turns = random % 8; turns > 1; --turns) co_await yield();
}

// Waits, and counts how often it was told.
template <class Kind>
task<> waits_once(Kind& kind, int& told, errc& outcome) {
    const auto got = co_await kind.wait();
    ++told;
    outcome = got ? errc{} : got.error().code();
}

// What was not received in the race is there for the next: nothing is lost by an early end.
template <class Kind>
task<> expect_complete(Kind& kind) {
    EXPECT_TRUE(co_await with_timeout(10s, kind.wait()));
}

template <class Kind>
task<> stops_each(race_rounds<Kind>& rounds) {
    const environment& env = co_await this_env{};
    std::minstd_rand random{1};
    for (auto& round : rounds) {
        int told = 0;
        errc outcome{};
        task_scope stopped{env, [](const error&) { FAIL(); }};
        stopped.spawn(waits_once(round.kind, told, outcome));
        round.waiting.set();
        co_await comes_near(round, static_cast<unsigned>(random()));
        stopped.request_stop();
        co_await stopped.join();
        EXPECT_EQ(told, 1);
        EXPECT_TRUE(outcome == errc{} || outcome == errc::canceled);
        if (outcome != errc{}) co_await expect_complete(round.kind);
    }
}

template <class Kind>
task<> destroys_each(race_rounds<Kind>& rounds) {
    const environment& env = co_await this_env{};
    std::minstd_rand random{2};
    for (auto& round : rounds) {
        int told = 0;
        errc outcome{};
        {
            task_scope dies{env, [](const error&) { FAIL(); }};
            dies.spawn(waits_once(round.kind, told, outcome));
            round.waiting.set();
            co_await comes_near(round, static_cast<unsigned>(random()));
        }
        EXPECT_LE(told, 1);
        if (told == 0) co_await expect_complete(round.kind);
    }
}

template <class Kind>
task<> times_out_each(race_rounds<Kind>& rounds) {
    for (auto& round : rounds) {
        round.waiting.set();
        const auto outcome = co_await with_timeout(1ms, round.kind.wait());
        if (outcome) continue;
        EXPECT_EQ(outcome.error(), errc::timed_out);
        co_await expect_complete(round.kind);
    }
}

template <class Kind>
class a_race_of_two_threads : public testing::Test {
protected:
    void run(task<> (*ends_each)(race_rounds<Kind>&), duration delay = {}) {
        const auto rounds = std::make_unique<race_rounds<Kind>>();
        run_on_loops(2, [&](std::size_t loop, task_scope& scope) {
            scope.spawn(loop == 0 ? ends_each(*rounds) : completes_each(*rounds, delay));
        });
    }
};

using crossing =
    testing::Types<across_an_event, across_a_semaphore, across_a_oneshot, across_a_watch>;
TYPED_TEST_SUITE(a_race_of_two_threads, crossing);

TYPED_TEST(a_race_of_two_threads, between_a_completion_and_a_stop_has_one_outcome) {
    this->run(stops_each<TypeParam>);
}

TYPED_TEST(a_race_of_two_threads, between_a_completion_and_a_deadline_has_one_outcome) {
    this->run(times_out_each<TypeParam>, 1ms);
}

TYPED_TEST(a_race_of_two_threads, between_a_completion_and_a_destruction_frees_nothing_in_use) {
    this->run(destroys_each<TypeParam>);
}

task<> watches_until_closed(watch<int>& of, int& last) {
    auto by = of.subscribe();
    last = *by.latest();
    while (auto changed = co_await by.changed()) {
        const int next = *by.latest();
        EXPECT_GT(next, last) << "never an older one, and none twice";
        last = next;
    }
}

task<> publishes_often(watch<int>& of, int last) {
    for (int at = 1; at <= last; ++at) {
        of.publish(at);
        if (at % 16 == 0) co_await yield();
    }
    of.close();
}

TEST(watch_threads, show_the_last_value_to_every_subscriber_whatever_each_missed) {
    constexpr int published = 5000;
    watch<int> watch{0};
    std::array<int, 3> last{};
    run_on_loops(4, [&](std::size_t loop, task_scope& scope) {
        scope.spawn(loop < last.size() ? watches_until_closed(watch, last[loop])
                                       : publishes_often(watch, published));
    });
    EXPECT_EQ(last, (std::array{published, published, published}));
}

// Its halves die on two threads, at the same moment or nearly.
struct letter {
    using halves = oneshot<std::shared_ptr<int>>;
    std::pair<halves::sender, halves::receiver> ends = halves::make();
};
using letters = std::array<letter, 10'000>;

task<> reads_letter(letter::halves::receiver from) { (void)co_await from.receive(); }

task<> drops_receivers(letters& all) {
    const environment& env = co_await this_env{};
    for (auto& each : all) {
        task_scope dies{env, [](const error&) { FAIL(); }};
        dies.spawn(reads_letter(std::move(each.ends.second)));
        co_await yield();
    }
}

task<> sends_or_drops(letters& all, std::shared_ptr<int> content) {
    for (auto& each : all) {
        auto sender = std::move(each.ends.first);
        if (content.use_count() % 3 != 0) (void)std::move(sender).send(content);
        co_await yield();
    }
}

TEST(oneshot_threads, let_go_of_what_was_sent_wherever_its_halves_die) {
    const auto content = std::make_shared<int>(7);
    {
        const auto all = std::make_unique<letters>();
        run_on_loops(2, [&](std::size_t loop, task_scope& scope) {
            scope.spawn(loop == 0 ? drops_receivers(*all) : sends_or_drops(*all, content));
        });
        EXPECT_EQ(content.use_count(), 1);
    }
}

}  // namespace
}  // namespace weir::inline v0::flow
