#include "weir/io/block_writer.hpp"

#include <string>

#include <gtest/gtest.h>

namespace weir::inline v0::io {
namespace {

std::string text_of(const block_writer& body) {
    std::string text;
    auto parts = body.all_parts();
    while (const auto part = parts.next()) text += as_text(*part);
    return text;
}

TEST(block_writer, keeps_what_was_written_in_order) {
    block_pool blocks;
    block_writer body{blocks};
    EXPECT_TRUE(body.empty());
    EXPECT_EQ(blocks.in_use(), 0U) << "an empty body takes no block";
    std::string expected;
    for (int i = 0; i < 10'000; ++i) {
        const std::string piece = std::to_string(i) + ";";
        body.append(piece);
        body.append('|');
        expected += piece + "|";
    }
    EXPECT_EQ(body.size(), expected.size());
    EXPECT_EQ(text_of(body), expected);
    EXPECT_GT(blocks.in_use(), 3U);
    body.clear();
    EXPECT_EQ(body.size(), 0U);
    EXPECT_EQ(blocks.in_use(), 0U);
}

TEST(block_writer, takes_a_text_larger_than_many_blocks) {
    block_pool blocks;
    block_writer body{blocks};
    const std::string large(std::size_t{1} << 20U, 'x');
    body.append("a");
    body.append(large);
    body.append("b");
    EXPECT_EQ(text_of(body), "a" + large + "b");
}

TEST(block_writer, gives_room_that_is_contiguous_and_counts_only_what_is_committed) {
    block_pool blocks;
    block_writer body{blocks};
    body.append("x");
    for (int i = 0; i < 3; ++i) {
        const bytes_span room = body.reserve(block_writer::largest_room);
        ASSERT_GE(room.size(), block_writer::largest_room);
        std::fill(room.begin(), room.end(), std::byte{'y'});
        body.commit(2);
    }
    EXPECT_EQ(text_of(body), "xyyyyyy");
    EXPECT_EQ(body.size(), 7U);
}

TEST(block_writer, moves_and_gives_its_blocks_back_once) {
    block_pool blocks;
    {
        block_writer first{blocks};
        first.append(std::string(100'000, 'x'));
        block_writer second{std::move(first)};
        EXPECT_EQ(first.size(), 0U);
        EXPECT_EQ(second.size(), 100'000U);
        first.append("again");
        EXPECT_EQ(text_of(first), "again");
        second = std::move(first);
        EXPECT_EQ(text_of(second), "again");
    }
    EXPECT_EQ(blocks.in_use(), 0U);
}

}  // namespace
}  // namespace weir::inline v0::io
