#include "weir/task/origin.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "weir/task/shielded.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/when_all.hpp"
#include "weir/task/when_any.hpp"
#include "weir/task/with_stop.hpp"
#include "weir/task/with_timeout.hpp"

#include "task/driver.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;

using names = std::vector<std::string>;

// Has a name of its own, and ends at once.
class guest final : public scope_member {
public:
    explicit guest(task_scope& scope) noexcept : scope_member{scope, stop_, "guest"} {
        runs_for({"a member", 2});
    }

private:
    step next_step() override { return ends{}; }
    std::source_location rests_at() const noexcept override {
        return std::source_location::current();
    }

    stop_node stop_;
};

// What the loop says runs, after a wait.
task<> looks(names* seen) {
    (void)co_await sleep(10ms);
    const environment& env = co_await this_env{};
    seen->emplace_back(env.scheduler().running().name);
}

task<> looks_under(std::string_view what, names* seen) {
    const environment& env = co_await this_env{};
    if (what == "with_timeout") co_await with_timeout(1s, looks(seen));
    if (what == "shielded") co_await shielded(1s, looks(seen));
    if (what == "when_all") co_await when_all(looks(seen));
    if (what == "when_any") (void)co_await when_any(looks(seen));
    stop_node stop{env.stop()};
    if (what == "with_stop") co_await with_stop(stop, looks(seen));
    if (what == "task_scope") {
        task_scope within{env, [](const error&) {}};
        within.spawn(looks(seen));
        co_await within.join();
    }
}

task<> on_behalf_of(const char* whom, task<> work) {
    const environment& outer = co_await this_env{};
    stop_node stop{outer.stop()};
    task_scope theirs{environment{outer, stop, {whom, 1}}, [](const error&) {}};
    theirs.spawn(std::move(work));
    co_await theirs.join();
}

TEST(origin, is_inherited_by_all_that_is_awaited) {
    for (const std::string_view what :
         {"with_timeout", "shielded", "when_all", "when_any", "with_stop", "task_scope"}) {
        driver driver;
        names seen;
        driver.run(on_behalf_of("a guest", looks_under(what, &seen)));
        EXPECT_EQ(seen, names{"a guest"}) << what;
    }
}

TEST(origin, is_of_whoever_went_on_last) {
    driver driver;
    names seen;
    driver.scope().spawn(on_behalf_of("one", looks(&seen)));
    driver.scope().spawn(looks(&seen));
    driver.scope().spawn(on_behalf_of("another", looks(&seen)));
    driver.run();
    EXPECT_EQ(seen, (names{"one", "", "another"}));
}

TEST(origin, is_nobodys_in_a_turn_in_which_nothing_ran) {
    driver driver;
    names seen;
    driver.run(on_behalf_of("a guest", looks(&seen)));
    driver.loop().advance(driver.now());
    EXPECT_EQ(driver.loop().running().name, std::string_view{});
}

class bystander final : public runnable {
public:
    explicit bystander(scheduler& loop) : loop_{&loop} {}
    void run() noexcept override { seen = loop_->running().name; }

    std::string seen = "unseen";

private:
    scheduler* loop_;
};

TEST(origin, is_not_that_of_what_ran_before_in_the_same_turn) {
    driver driver;
    names seen;
    driver.run(on_behalf_of("a guest", looks(&seen)));
    bystander next{driver.loop()};
    driver.loop().schedule(next);
    driver.loop().run_ready();
    EXPECT_EQ(next.seen, "");
}

task<> spawns_and_looks(task_scope* into, names* seen) {
    (void)co_await sleep(1ms);
    into->spawn(std::make_unique<guest>(*into));
    const environment& env = co_await this_env{};
    seen->emplace_back(env.scheduler().running().name);
}

TEST(origin, is_the_spawners_again_once_what_it_spawned_waits) {
    driver driver;
    names seen;
    driver.run(on_behalf_of("the spawner", spawns_and_looks(&driver.scope(), &seen)));
    EXPECT_EQ(seen, names{"the spawner"});
}

}  // namespace
}  // namespace weir::inline v0
