// What is in a connection's input is looked at where it was received, and by nobody who comes late.
#include <gtest/gtest.h>

#include "weir/net/connection.hpp"

#include "net/stage.hpp"
#include "support/caught.hpp"

namespace weir::inline v0::net {
namespace {

using test::caught;

class connection_views_test : public stage_test {
protected:
    void SetUp() override {
        if (!test::views_are_watched()) GTEST_SKIP() << "nobody looks";
        stage_test::SetUp();
    }
};

INSTANTIATE_TEST_SUITE_P(on, connection_views_test, testing::Values("epoll", "memory"),
                         io::name_of);

void touch(bytes_view bytes) {
    for (const std::byte& each : bytes) {
        volatile std::byte used = each;
        (void)used;
    }
}

const std::string first = "0123456789abcdef";
const std::string rest = "fedcba9876543210";

task<result<>> consumed_in_two_steps(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    co_await or_return(io::send_text(*far, first + rest));
    co_await or_return(fill_up_to(here, first.size() + rest.size()));
    const bytes_view before = here.input().first(first.size());
    touch(before);
    here.consume(before.size());
    EXPECT_DEATH(touch(before), test::caught_between_two_lines());
    const bytes_view last = here.input();
    EXPECT_EQ(as_text(last), rest);
    here.consume(last.size());
    EXPECT_DEATH(touch(last), test::caught_between_two_lines());
    co_return {};
}

TEST_P(connection_views_test, end_with_what_is_consumed) { run(consumed_in_two_steps(*stage_)); }

task<result<>> more_received(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    co_await or_return(io::send_text(*far, first));
    co_await or_return(fill_up_to(here, first.size()));
    const bytes_view before = here.input();
    touch(before);
    co_await or_return(io::send_text(*far, rest));
    co_await or_return(fill_up_to(here, first.size() + rest.size()));
    EXPECT_DEATH(touch(before), caught());
    EXPECT_EQ(as_text(here.input()), first + rest);
    co_return {};
}

TEST_P(connection_views_test, end_with_the_next_receive) { run(more_received(*stage_)); }

// More is received behind it: in place, or where it has to be collected.
task<result<>> more_received_behind(stage& on) {
    for (const std::size_t size : {2'000U, 20'000U}) {
        auto [near, far] = co_await or_return(on.link());
        connection here{std::move(near), on.loop(), on.options};
        const std::string text = io::pattern(size);
        co_await or_return(io::send_text(*far, text));
        co_await or_return(fill_up_to(here, size));
        const bytes_view before = here.input();
        EXPECT_EQ(as_text(before), text);
        const bool assembled = size > io::slab_room;
        co_await or_return(io::send_text(*far, rest));
        co_await or_return(fill_up_to(here, size + rest.size()));
        EXPECT_EQ(as_text(here.input()), text + rest);
        if (fence::up() && !assembled) {
            EXPECT_DEATH(touch(before), "given up at  the connection's next fill\\(\\)\n");
        }
    }
    co_return {};
}

TEST_P(connection_views_test, of_much_end_with_the_next_receive) {
    run(more_received_behind(*stage_));
}

task<result<>> pinned(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    co_await or_return(io::send_text(*far, first + rest));
    co_await or_return(fill_up_to(here, first.size() + rest.size()));
    const bytes_view before = here.input().first(first.size());
    {
        const pin kept = here.keep();
        here.consume(before.size());
        EXPECT_EQ(as_text(before), first);
        here.consume(rest.size());
        EXPECT_EQ(as_text(before), first);
    }
    EXPECT_DEATH(touch(before), caught());
    co_return {};
}

TEST_P(connection_views_test, are_good_for_as_long_as_they_are_pinned) { run(pinned(*stage_)); }

}  // namespace
}  // namespace weir::inline v0::net
