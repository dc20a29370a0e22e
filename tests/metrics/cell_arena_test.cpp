#include "../src/metrics/cell_arena.hpp"

#include <cstdint>
#include <set>
#include <stdexcept>

#include <gtest/gtest.h>

namespace weir::inline v0::metrics {
namespace {

std::uintptr_t line_of(const detail::cell* cell) {
    return reinterpret_cast<std::uintptr_t>(cell) / 64;
}

TEST(cell_arena, packs_cells_that_are_zero) {
    cell_arena arena;
    const detail::cell* first = arena.take(3);
    EXPECT_EQ(arena.take(1), first + 3);
    for (int i = 0; i < 4; ++i) EXPECT_EQ(first[i].load(), 0U);
}

TEST(cell_arena, shares_no_cache_line_with_another) {
    cell_arena left;
    cell_arena right;
    std::set<std::uintptr_t> lines;
    for (int i = 0; i < 2000; ++i) lines.insert(line_of(left.take(1)));
    for (int i = 0; i < 2000; ++i) EXPECT_FALSE(lines.contains(line_of(right.take(1))));
    EXPECT_EQ(lines.size(), 250U);
}

TEST(cell_arena, keeps_a_block_in_one_piece) {
    cell_arena arena;
    detail::cell* first = arena.take(500);
    detail::cell* second = arena.take(20);
    first[499].store(1);
    second[19].store(2);
    EXPECT_TRUE(second >= first + 500 || second + 20 <= first);
    EXPECT_THROW(arena.take(513), std::length_error);
}

}  // namespace
}  // namespace weir::inline v0::metrics
