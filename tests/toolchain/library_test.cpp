// The parts of the C++23 library that GCC 12's libstdc++ has and weir stands on.
#include <array>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include <gtest/gtest.h>

#include "probe.hpp"

namespace probe {
namespace {

using owned = std::unique_ptr<int>;
using maybe = std::expected<owned, owned>;

static_assert(std::is_nothrow_move_constructible_v<maybe>);
static_assert(!std::is_copy_constructible_v<maybe>);

TEST(expected, moves_what_cannot_be_copied) {
    maybe value{std::make_unique<int>(1)};
    maybe moved{std::move(value)};
    ASSERT_TRUE(moved.has_value());
    EXPECT_EQ(**moved, 1);
    moved = maybe{std::unexpect, std::make_unique<int>(2)};
    ASSERT_FALSE(moved.has_value());
    EXPECT_EQ(*moved.error(), 2);
    std::swap(moved, value);
    EXPECT_EQ(*value.error(), 2);
}

TEST(expected, holds_void_and_an_error_that_only_moves) {
    std::expected<void, owned> nothing;
    EXPECT_TRUE(nothing.has_value());
    nothing = std::unexpected{std::make_unique<int>(3)};
    const std::expected<void, owned> moved{std::move(nothing)};
    EXPECT_EQ(*moved.error(), 3);
}

TEST(expected, destroys_what_it_held_once) {
    ledger() = {};
    {
        std::expected<guest, int> one{guest{1}};
        std::expected<guest, int> two{std::unexpect, 2};
        two = std::move(one);
        one = std::unexpected{3};
        EXPECT_EQ(two->number(), 1);
    }
    EXPECT_TRUE(ledger().sound());
}

TEST(move_only_function, owns_what_it_calls_and_lets_it_go_once) {
    ledger() = {};
    {
        guest captured{4};
        auto own = std::make_unique<int>(5);
        std::move_only_function<int(int)> call{
            [captured = std::move(captured), own = std::move(own)](int more) {
                return captured.number() + *own + more;
            }};
        std::move_only_function<int(int)> moved{std::move(call)};
        EXPECT_EQ(moved(1), 10);
        EXPECT_FALSE(static_cast<bool>(call));
    }
    EXPECT_TRUE(ledger().sound());
}

TEST(move_only_function, takes_a_large_closure_and_a_noexcept_signature) {
    const std::array<int, 64> numbers{1, 2, 3};
    std::move_only_function<int() noexcept> call{
        [numbers]() noexcept { return numbers[0] + numbers[2]; }};
    EXPECT_EQ(call(), 4);
}

}  // namespace
}  // namespace probe
