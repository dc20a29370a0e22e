#include "weir/flow/watch.hpp"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "weir/task/or_return.hpp"

#include "task/driver.hpp"

namespace weir::inline v0::flow {
namespace {

using texts = std::vector<std::string>;

task<> follows(watch<std::string>& of, texts& seen, std::optional<errc>& end) {
    auto subscriber = of.subscribe();
    auto changed = co_await subscriber.changed();
    for (; changed; changed = co_await subscriber.changed()) seen.push_back(*subscriber.latest());
    end = changed.error().code();
}

TEST(watch, tells_its_subscribers_each_on_its_own_loop) {
    watch<std::string> watch{"zero"};
    texts seen_here, seen_there;
    std::optional<errc> end_here, end_there;
    driver here, there;
    here.scope().spawn(follows(watch, seen_here, end_here));
    there.scope().spawn(follows(watch, seen_there, end_there));
    watch.publish("one");
    here.run();
    EXPECT_EQ(seen_here, (texts{"one"}));
    EXPECT_TRUE(seen_there.empty());
    there.run();
    EXPECT_EQ(seen_there, (texts{"one"}));
    watch.close();
    here.run();
    there.run();
}

TEST(watch, shows_a_slow_subscriber_the_latest_only) {
    watch<std::string> watch{"zero"};
    texts seen;
    std::optional<errc> end;
    driver driver;
    driver.scope().spawn(follows(watch, seen, end));
    for (const char* text : {"one", "two", "three"}) watch.publish(text);
    driver.run();
    EXPECT_EQ(seen, (texts{"three"}));
    watch.close();
    driver.run();
}

TEST(watch, ends_its_subscribers_once_they_have_seen_the_last) {
    watch<std::string> watch{"zero"};
    texts seen;
    std::optional<errc> end;
    driver driver;
    driver.scope().spawn(follows(watch, seen, end));
    watch.publish("last");
    watch.close();
    watch.publish("too late");
    driver.run();
    EXPECT_EQ(seen, (texts{"last"}));
    EXPECT_EQ(end, errc::closed);
    EXPECT_EQ(*watch.latest(), "last");
}

task<result<std::string>> next_of(watch<std::string>::subscriber& by) {
    co_await or_return(by.changed());
    co_return *by.latest();
}

TEST(watch, ends_at_once_who_comes_when_it_is_closed) {
    watch<std::string> watch{"zero"};
    driver driver;
    watch.close();
    auto subscriber = watch.subscribe();
    EXPECT_EQ(driver.run(next_of(subscriber)).error(), errc::closed);
    EXPECT_EQ(*subscriber.latest(), "zero");
}

TEST(watch, keeps_for_its_subscriber_what_was_published_while_it_did_not_wait) {
    watch<std::string> watch{"zero"};
    driver driver;
    auto subscriber = watch.subscribe();
    watch.publish("one");
    EXPECT_EQ(driver.run(next_of(subscriber)).value(), "one");
}

TEST(watch, gives_snapshots_that_stay_as_they_are) {
    watch<std::string> watch{"zero"};
    const auto before = watch.latest();
    watch.publish("one");
    EXPECT_EQ(*before, "zero");
    EXPECT_EQ(*watch.latest(), "one");
}

}  // namespace
}  // namespace weir::inline v0::flow
