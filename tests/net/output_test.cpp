#include "weir/net/output.hpp"

#include <string>

#include <gtest/gtest.h>

#include "weir/task/frame_pool.hpp"

#include "io/transport_ops.hpp"

namespace weir::inline v0::net {
namespace {

constexpr std::size_t limit = 100'000;

class output_test : public testing::Test {
protected:
    // What an operation would send next.
    std::string sealed() {
        std::string text;
        for (const io::piece& each : output_.seal_first()) {
            text.append(static_cast<const char*>(each.data), each.size);
        }
        return text;
    }
    std::string send_all() {
        std::string text;
        while (!output_.empty()) {
            const std::string part = sealed();
            EXPECT_EQ(output_.drop_first(), part.size());
            text += part;
        }
        return text;
    }

    frame_pool frames_;
    frame_pool::use use_{frames_};
    io::block_pool blocks_;
    output_buffer output_{blocks_, limit};
};

TEST_F(output_test, costs_nothing_when_empty) {
    EXPECT_TRUE(output_.empty());
    EXPECT_EQ(output_.size(), 0U);
    EXPECT_EQ(output_.room(), limit);
    EXPECT_EQ(blocks_.in_use(), 0U);
}

TEST_F(output_test, joins_what_is_appended_into_one_piece) {
    output_.append(as_bytes("one, "));
    output_.append(as_bytes("two"));
    EXPECT_EQ(output_.size(), 8U);
    EXPECT_EQ(output_.seal_first().size(), 1U);
    EXPECT_EQ(send_all(), "one, two");
    EXPECT_EQ(blocks_.in_use(), 0U);
}

TEST_F(output_test, goes_on_in_another_block) {
    const std::string text = io::pattern(50'000);
    EXPECT_TRUE(output_.append(as_bytes(text)));
    EXPECT_EQ(blocks_.in_use(), 4U);
    EXPECT_TRUE(send_all() == text);
    EXPECT_EQ(blocks_.in_use(), 0U);
}

TEST_F(output_test, sends_views_from_where_they_are_and_in_order) {
    const std::string lent = io::pattern(5000);
    output_.append(as_bytes("before "));
    output_.append_view(as_bytes(lent));
    EXPECT_TRUE(output_.has_views());
    output_.append(as_bytes(" after"));
    const auto pieces = output_.seal_first();
    ASSERT_EQ(pieces.size(), 3U);
    EXPECT_EQ(pieces[1].data, lent.data());
    EXPECT_TRUE(send_all() == "before " + lent + " after");
    EXPECT_FALSE(output_.has_views());
}

TEST_F(output_test, takes_nothing_over_its_limit) {
    const std::string text = io::pattern(limit);
    EXPECT_TRUE(output_.append(as_bytes(text).first(limit - 10)));
    EXPECT_FALSE(output_.append(as_bytes("0123456789a")));
    EXPECT_TRUE(output_.reserve(11).empty());
    EXPECT_EQ(output_.size(), limit - 10);
    EXPECT_EQ(output_.room(), 10U);
    EXPECT_TRUE(output_.append(as_bytes("0123456789")));
    EXPECT_FALSE(output_.append(as_bytes("a")));
    EXPECT_FALSE(output_.append_view(as_bytes("a")));
    EXPECT_TRUE(send_all() == text.substr(0, limit - 10) + "0123456789");
}

TEST_F(output_test, takes_one_view_beyond_its_limit_since_that_costs_it_nothing) {
    const std::string lent = io::pattern(2 * limit);
    EXPECT_TRUE(output_.append_view(as_bytes(lent)));
    EXPECT_EQ(output_.room(), 0U);
    EXPECT_FALSE(output_.append(as_bytes("a")));
    EXPECT_FALSE(output_.append_view(as_bytes("a")));
    EXPECT_TRUE(output_.append(bytes_view{}));
    EXPECT_TRUE(send_all() == lent);
    EXPECT_EQ(output_.room(), limit);
}

TEST_F(output_test, reserves_room_that_is_committed_later_or_not) {
    bytes_span room = output_.reserve(100);
    ASSERT_GE(room.size(), 100U);
    std::ranges::copy(as_bytes("kept"), room.begin());
    output_.commit(4);
    room = output_.reserve(io::block_size);
    EXPECT_EQ(room.size(), io::block_size);
    output_.commit(0);
    output_.append(as_bytes("!"));
    EXPECT_EQ(send_all(), "kept!");
}

TEST_F(output_test, leaves_alone_what_is_being_sent) {
    output_.append(as_bytes("under way"));
    const auto pieces = output_.seal_first();
    output_.append(as_bytes("later"));
    EXPECT_EQ(pieces.size(), 1U);
    EXPECT_EQ(pieces[0].size, 9U);
    EXPECT_EQ(output_.drop_first(), 9U);
    EXPECT_EQ(sealed(), "later");
}

TEST_F(output_test, keeps_order_in_any_mixture) {
    const std::string source = io::pattern(60'000);
    unsigned seed = 3;
    for (int round = 0; round < 50; ++round) {
        std::string expected, got;
        for (int step = 0; step < 60; ++step) {
            seed = seed * 1'664'525U + 1'013'904'223U;
            const auto part = std::string_view{source}.substr(seed >> 17U, (seed >> 5U) % 2000);
            const bool view = (seed & 0x800U) != 0;
            if (view ? output_.append_view(as_bytes(part)) : output_.append(as_bytes(part))) {
                expected += part;
            }
            if ((seed & 0x7000U) == 0 && !output_.empty()) {
                got += sealed();
                output_.drop_first();
            }
        }
        got += send_all();
        ASSERT_TRUE(got == expected);
    }
    EXPECT_EQ(blocks_.in_use(), 0U);
}

TEST_F(output_test, gives_its_blocks_back_when_it_is_cleared) {
    output_.append(as_bytes(io::pattern(90'000)));
    output_.clear();
    EXPECT_TRUE(output_.empty());
    EXPECT_EQ(output_.size(), 0U);
    EXPECT_EQ(blocks_.in_use(), 0U);
}

}  // namespace
}  // namespace weir::inline v0::net
