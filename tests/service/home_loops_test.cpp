#include "service/home_loops.hpp"

#include <array>

#include <gtest/gtest.h>

namespace weir::inline v0 {
namespace {

// Two loops, with as many connections as it is told.
class loops_of_two {
public:
    std::size_t of(int processor) {
        return homes_.of(processor, open.size(),
                         [this](std::size_t loop) { return open.at(loop); });
    }

    std::array<std::size_t, 2> open{};

private:
    home_loops homes_;
};

TEST(home_loops, give_each_processor_a_loop_that_it_keeps) {
    loops_of_two loops;
    const std::size_t first = loops.of(3);
    EXPECT_NE(loops.of(1), first);
    loops.open[first] = 100;
    EXPECT_EQ(loops.of(3), first);
}

TEST(home_loops, spread_processors_that_were_seen_while_nothing_was_open) {
    loops_of_two loops;
    EXPECT_NE(loops.of(0), loops.of(1));
    EXPECT_NE(loops.of(2), loops.of(3));
}

TEST(home_loops, are_not_put_together_by_a_third_processor_that_hardly_brings_any) {
    loops_of_two loops;
    const std::size_t busy = loops.of(0);
    loops.open[busy] = 50;
    const std::size_t stray = loops.of(5);
    loops.open[stray] = 1;
    EXPECT_EQ(loops.of(1), stray);
}

}  // namespace
}  // namespace weir::inline v0
