#include "weir/net/input.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include <gtest/gtest.h>

#include "weir/base/asan.hpp"

#include "io/transport_ops.hpp"

namespace weir::inline v0::net {
namespace {

constexpr std::size_t no_limit = std::size_t{1} << 30U;
using io::slab_room;

// What a connection does: asks for a place, and says what came.
class input_test : public testing::Test {
protected:
    // At most one receive; answers with how much of text it took.
    std::size_t arrive(std::string_view text, std::size_t limit = no_limit) {
        const auto place = input_.prepare(limit, budget_);
        EXPECT_TRUE(place.has_value());
        if (!place) return 0;
        io::slab slab;
        bytes_span room = *place;
        if (room.empty()) {
            slab = slabs_.try_take();
            room = slab.room();
        }
        const std::size_t size = std::min(room.size(), text.size());
        std::memcpy(room.data(), text.data(), size);
        slab ? input_.arrived(std::move(slab), size) : input_.arrived(size);
        return size;
    }
    void arrive_all(std::string_view text) {
        while (!text.empty()) text.remove_prefix(arrive(text));
    }
    std::string_view text() const { return as_text(input_.view()); }
    std::size_t taken() const { return slabs_.size() - slabs_.free(); }

    io::slab_pool slabs_{8};
    io::assembly_budget budget_{16 << 20U};
    input_buffer input_;
};

TEST_F(input_test, holds_nothing_at_first) {
    EXPECT_TRUE(input_.view().empty());
    EXPECT_FALSE(input_.holds_slab());
    EXPECT_EQ(taken(), 0U);
}

TEST_F(input_test, shows_bytes_where_they_were_received) {
    io::slab slab = slabs_.try_take();
    const std::byte* const place = slab.room().data();
    std::memcpy(slab.room().data(), "hello", 5);
    input_.arrived(std::move(slab), 5);
    EXPECT_EQ(input_.view().data(), place);
    EXPECT_EQ(text(), "hello");
}

TEST_F(input_test, gives_the_slab_back_when_all_is_consumed) {
    arrive("hello");
    EXPECT_EQ(taken(), 1U);
    input_.consume(2);
    EXPECT_EQ(text(), "llo");
    EXPECT_EQ(taken(), 1U);
    input_.consume(3);
    EXPECT_TRUE(input_.view().empty());
    EXPECT_EQ(taken(), 0U);
}

TEST_F(input_test, moves_a_small_rest_to_a_small_block_when_it_has_to_wait) {
    arrive("one, two");
    input_.consume(5);
    EXPECT_EQ(taken(), 1U);
    EXPECT_TRUE(input_.prepare(no_limit, budget_).value().empty());
    EXPECT_EQ(taken(), 0U);
    EXPECT_EQ(text(), "two");
    arrive(", three");
    EXPECT_EQ(text(), "two, three");
    EXPECT_EQ(taken(), 1U);
}

TEST_F(input_test, receives_behind_a_large_rest_without_moving_it) {
    const std::string rest = io::pattern(io::slab_headroom);
    arrive(rest);
    const std::byte* const place = input_.view().data();
    arrive("more");
    EXPECT_EQ(input_.view().data(), place);
    EXPECT_TRUE(text() == rest + "more");
    EXPECT_EQ(taken(), 1U);
}

TEST_F(input_test, moves_what_does_not_fit_into_a_slab_to_an_assembly_buffer) {
    const std::string most = io::pattern(slab_room);
    arrive(most);
    EXPECT_TRUE(input_.holds_slab());
    arrive("more");
    EXPECT_FALSE(input_.holds_slab());
    EXPECT_EQ(taken(), 0U);
    EXPECT_TRUE(text() == most + "more");
}

TEST_F(input_test, is_contiguous_however_the_bytes_were_cut) {
    const std::string all = io::pattern(50'000);
    for (const std::size_t cut : {1UL, 7UL, 1023UL, 1024UL, 1025UL, 5000UL, 15'360UL, 49'999UL}) {
        input_.clear();
        for (std::size_t at = 0; at < all.size();) {
            at += arrive(std::string_view{all}.substr(at, cut));
            ASSERT_TRUE(text() == std::string_view{all}.substr(0, at)) << cut << " at " << at;
        }
    }
}

TEST_F(input_test, is_contiguous_however_the_bytes_were_consumed) {
    const std::string all = io::pattern(300'000);
    std::size_t begin = 0, end = 0;
    unsigned seed = 7;
    while (begin < all.size()) {
        seed = seed * 1'664'525U + 1'013'904'223U;
        end += arrive(std::string_view{all}.substr(end, seed >> 18U));
        ASSERT_TRUE(text() == std::string_view{all}.substr(begin, end - begin));
        const std::size_t used = std::min<std::size_t>((seed >> 3U) % 20'000, end - begin);
        if (used > 0) input_.consume(used);
        begin += used;
    }
    EXPECT_EQ(taken(), 0U);
}

TEST_F(input_test, grows_with_the_bytes_that_arrived) {
    const std::string part = io::pattern(1000);
    std::size_t size = 0;
    while (size < 1'000'000) {
        const auto place = input_.prepare(no_limit, budget_);
        EXPECT_LE(place->size(), std::max<std::size_t>(64 * 1024, 2 * size));
        size += arrive(part);
    }
}

TEST_F(input_test, takes_no_more_than_the_limit) {
    const std::string many = io::pattern(100'000);
    std::size_t size = 0;
    while (size < 40'000) size += arrive(std::string_view{many}.substr(size), 40'000);
    EXPECT_EQ(size, 40'000U);
    EXPECT_EQ(input_.prepare(40'000, budget_).error(), errc::too_large);
    input_.consume(1);
    EXPECT_EQ(input_.prepare(40'000, budget_).value().size(), 1U);
}

TEST_F(input_test, lets_go_of_an_assembly_buffer_for_a_small_rest) {
    arrive_all(io::pattern(100'000));
    input_.consume(99'990);
    const std::byte* const place = input_.view().data();
    EXPECT_TRUE(input_.prepare(no_limit, budget_).value().empty());
    EXPECT_NE(input_.view().data(), place);
    EXPECT_TRUE(text() == io::pattern(100'000).substr(99'990));
}

TEST_F(input_test, pins_a_slab_for_as_long_as_the_pin_lives) {
    const std::string first = io::pattern(2000);
    arrive(first);
    const std::string_view kept = text();
    {
        const pin pinned = input_.keep();
        input_.consume(1500);
        arrive_all(io::pattern(40'000, 2));
        input_.consume(input_.size());
        EXPECT_EQ(taken(), 1U);
        EXPECT_TRUE(kept == first);
    }
    EXPECT_EQ(taken(), 0U);
}

TEST_F(input_test, pins_an_assembly_buffer_as_well) {
    const std::string first = io::pattern(30'000);
    arrive_all(first);
    const std::string_view kept = text();
    const pin pinned = input_.keep();
    const pin copied = pinned;  // NOLINT(performance-unnecessary-copy-initialization)
    input_.consume(29'000);
    arrive_all(io::pattern(200'000, 2));
    input_.clear();
    EXPECT_TRUE(kept == first);
}

TEST_F(input_test, charges_what_it_assembles_and_nothing_else) {
    arrive(io::pattern(500));
    arrive("a small rest moves to a small block");
    EXPECT_EQ(budget_.used(), 0U);
    arrive_all(io::pattern(20'000));
    EXPECT_TRUE(input_.is_assembled());
    EXPECT_EQ(budget_.used(), 64U * 1024);
    arrive_all(io::pattern(100'000));
    EXPECT_GE(budget_.used(), input_.size());
    EXPECT_LE(budget_.used(), 2 * input_.size());
    input_.consume(input_.size());
    EXPECT_EQ(budget_.used(), 0U);
}

TEST_F(input_test, stays_charged_until_the_last_pin_has_gone) {
    arrive_all(io::pattern(30'000));
    pin first = input_.keep();
    pin second = first;
    input_.clear();
    EXPECT_EQ(budget_.used(), 64U * 1024);
    first = {};
    EXPECT_EQ(budget_.used(), 64U * 1024);
    second = {};
    EXPECT_EQ(budget_.used(), 0U);
}

TEST_F(input_test, changes_nothing_where_the_budget_is_used_up) {
    const auto others = budget_.try_take((16 << 20U) - 64 * 1024);
    ASSERT_TRUE(others.has_value());
    const std::string all = io::pattern(64 * 1024);
    arrive_all(all);
    EXPECT_EQ(input_.prepare(no_limit, budget_).error(), errc::overloaded);
    EXPECT_EQ(budget_.used(), budget_.limit());
    EXPECT_TRUE(text() == all);
}

TEST_F(input_test, calls_a_message_too_large_that_the_whole_budget_could_not_hold) {
    io::assembly_budget small{150 * 1024};
    arrive_all(io::pattern(slab_room));
    EXPECT_EQ(input_.prepare(no_limit, small).value().size(), 64U * 1024 - slab_room);
    input_.arrived(64U * 1024 - slab_room);
    EXPECT_EQ(input_.prepare(no_limit, small).error(), errc::too_large);
    input_.clear();
}

TEST_F(input_test, poisons_what_was_consumed) {
    if (!under_asan) GTEST_SKIP() << "only AddressSanitizer sees it";
    arrive(io::pattern(2000));
    const char* const consumed = text().data();
    input_.consume(1000);
    EXPECT_DEATH(
        {
            volatile char used = *consumed;
            (void)used;
        },
        "use-after-poison");
}

TEST_F(input_test, poisons_what_was_pinned_when_more_is_pinned) {
    if (!under_asan) GTEST_SKIP() << "only AddressSanitizer sees it";
    arrive(io::pattern(2000));
    const char* const consumed = text().data();
    pin first = input_.keep();
    input_.consume(1000);
    EXPECT_EQ(*consumed, io::pattern(1)[0]);
    first = {};
    const pin second = input_.keep();
    EXPECT_DEATH(
        {
            volatile char used = *consumed;
            (void)used;
        },
        "use-after-poison");
}

}  // namespace
}  // namespace weir::inline v0::net
