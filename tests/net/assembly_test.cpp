// Messages that do not fit into a slab, and the budget that they share.
#include <gtest/gtest.h>

#include "weir/task/when_all.hpp"

#include "net/incomplete.hpp"

namespace weir::inline v0::net {
namespace {

using namespace std::chrono_literals;

// 64 slabs, and as much again for assembly: 1 MiB.
constexpr std::size_t slabs = 64;
// Is assembled in 128 KiB.
constexpr std::size_t large = std::size_t{100} * 1024;

class assembly_test : public stage_test {
protected:
    void SetUp() override { make(slabs); }
};

INSTANTIATE_TEST_SUITE_P(everywhere, assembly_test, testing::ValuesIn(stage_names()), io::name_of);

std::size_t used(stage& on) { return on.loop().assemblies().used(); }

task<result<>> sends_large(io::transport& to) {
    co_return co_await io::send_text(to, io::pattern(large));
}

task<result<>> arrives_whole(connection& here, io::transport& from) {
    auto [sent, filled] = co_await when_all(sends_large(from), fill_up_to(here, large));
    EXPECT_TRUE(sent.has_value());
    co_return std::move(filled);
}

task<result<>> stays_within_the_budget(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection neighbour{std::move(near), on.loop(), on.options};
    {
        incomplete messages{on, large};
        co_await or_return(messages.run(30));
        const std::size_t evicted = messages.oldest_given_up();
        EXPECT_GE(evicted, 22U);
        EXPECT_LE(evicted, 25U);
        EXPECT_EQ(on.loop().assemblies().evictions(), evicted);
        EXPECT_EQ(on.loop().slabs().evictions(), 0U);

        co_await or_return(io::send_text(*far, "small"));
        EXPECT_EQ(co_await or_return(read_text(neighbour, 5)), "small");
        co_await or_return(arrives_whole(neighbour, *far));
        EXPECT_TRUE(as_text(neighbour.input()) == io::pattern(large));
        neighbour.consume(large);
        EXPECT_GT(used(on), 0U);
    }
    EXPECT_EQ(used(on), 0U);
    co_return {};
}

TEST_P(assembly_test, large_messages_that_trickle_in_take_no_more_than_the_budget) {
    if (stage_) run(stays_within_the_budget(*stage_));
}

task<result<>> charges_pins(stage& on) {
    pin kept;
    {
        auto [near, far] = co_await or_return(on.link());
        connection here{std::move(near), on.loop(), on.options};
        co_await or_return(arrives_whole(here, *far));
        kept = here.keep();
        here.consume(large);
    }
    EXPECT_EQ(used(on), 128U * 1024);
    kept = {};
    EXPECT_EQ(used(on), 0U);
    co_return {};
}

TEST_P(assembly_test, what_is_pinned_is_charged_for_as_long_as_the_pin_lives) {
    if (stage_) run(charges_pins(*stage_));
}

task<result<>> gives_itself_up(stage& on) {
    const auto others = on.loop().assemblies().try_take(on.loop().assemblies().limit() - 100'000);
    incomplete messages{on, large};
    (void)co_await messages.run(1);  // whose sending may fail as well
    EXPECT_EQ(messages.oldest_given_up(), 1U);
    EXPECT_EQ(on.loop().assemblies().evictions(), 1U);
    EXPECT_EQ(used(on), on.loop().assemblies().limit() - 100'000);
    co_return {};
}

TEST_P(assembly_test, a_message_that_finds_no_older_one_is_given_up_itself) {
    if (stage_) run(gives_itself_up(*stage_));
}

}  // namespace
}  // namespace weir::inline v0::net
