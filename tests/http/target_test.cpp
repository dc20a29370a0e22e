// Targets, and what is done with their parts: segments, pairs, escapes.
#include "weir/http/target.hpp"

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "weir/http/path_segments.hpp"
#include "weir/http/percent.hpp"
#include "weir/http/query.hpp"

namespace weir::inline v0::http {
namespace {

TEST(target, is_split_into_path_and_query) {
    const auto origin = target::parse("/a/b?c=d?e");
    ASSERT_TRUE(origin);
    EXPECT_EQ(origin->which(), target::form::origin);
    EXPECT_EQ(origin->path(), "/a/b");
    EXPECT_EQ(origin->query(), "c=d?e");
    EXPECT_EQ(origin->authority(), "");
    const auto absolute = target::parse("http://h:1?q");
    ASSERT_TRUE(absolute);
    EXPECT_EQ(absolute->which(), target::form::absolute);
    EXPECT_EQ(absolute->path(), "/");
    EXPECT_EQ(absolute->query(), "q");
    EXPECT_EQ(absolute->authority(), "h:1");
    EXPECT_EQ(target::parse("*")->which(), target::form::asterisk);
}

TEST(target, is_nothing_where_the_text_is_none) {
    for (const auto* bad : {"", "a", "/a b", "/a#b", "/\x80", "http://", "http://a b/", "**"})
        EXPECT_FALSE(target::parse(bad)) << bad;
}

std::vector<std::string> segments_of(std::string_view path) {
    std::vector<std::string> found;
    for (path_segments segments{path}; auto segment = segments.next();)
        found.emplace_back(*segment);
    return found;
}

TEST(path_segments, stand_between_slashes) {
    using list = std::vector<std::string>;
    EXPECT_EQ(segments_of("/"), (list{""}));
    EXPECT_EQ(segments_of("/a"), (list{"a"}));
    EXPECT_EQ(segments_of("/a/b%2Fc"), (list{"a", "b%2Fc"}));
    EXPECT_EQ(segments_of("/a//"), (list{"a", "", ""}));
    EXPECT_EQ(segments_of("*"), list{});
    EXPECT_EQ(segments_of(""), list{});
}

std::string pairs_of(std::string_view query) {
    std::string found;
    for (query_pairs pairs{query}; auto pair = pairs.next();) {
        (found += pair->name) += '>';
        (found += pair->value) += ' ';
    }
    return found;
}

TEST(query_pairs, come_in_their_order_and_encoded) {
    EXPECT_EQ(pairs_of("a=1&b=%26&a=2"), "a>1 b>%26 a>2 ");
    EXPECT_EQ(pairs_of("a&=b&c="), "a> >b c> ");
    EXPECT_EQ(pairs_of("&&a=b=c&"), "a>b=c ");
    EXPECT_EQ(pairs_of(""), "");
}

TEST(percent_decode, takes_escapes_off) {
    std::array<char, 8> room;
    EXPECT_EQ(percent_decode("a%20b%2f+", room), "a b/+");
    EXPECT_EQ(percent_decode("%00%fF", room), (std::string_view{"\0\xFF", 2}));
    EXPECT_EQ(percent_decode("%2525", room), "%25");
    EXPECT_EQ(form_decode("a+%2B", room), "a +");
}

TEST(percent_encode, makes_one_segment_or_value_of_any_text) {
    std::string text = "/x/";
    append_percent_encoded(std::string_view{"a-Z.9_~ /?#&+%\r\n\0\xFF", 18}, text);
    EXPECT_EQ(text, "/x/a-Z.9_~%20%2F%3F%23%26%2B%25%0D%0A%00%FF");
    char room[32];
    EXPECT_EQ(percent_decode(text, {}).error(), errc::too_large);
    EXPECT_EQ(percent_decode(std::string_view{text}.substr(3), room),
              (std::string_view{"a-Z.9_~ /?#&+%\r\n\0\xFF", 18}));
}

TEST(percent_decode, hands_back_what_is_not_escaped_without_a_copy) {
    const std::string_view plain = "0123456789";
    EXPECT_EQ(percent_decode(plain, {})->data(), plain.data());
    EXPECT_EQ(form_decode("", {}), "");
}

TEST(percent_decode, refuses_broken_escapes_and_too_little_room) {
    std::array<char, 8> room;
    for (const auto* bad : {"%", "a%", "%1", "%g0", "%0g", "%%20", "a%2"})
        EXPECT_EQ(percent_decode(bad, room).error(), errc::malformed) << bad;
    EXPECT_EQ(percent_decode("%41bcdefghi", room).error(), errc::too_large);
    EXPECT_EQ(percent_decode("%41bcdefgh", room), "Abcdefgh");
}

TEST(has_sound_escapes, is_false_where_decoding_would_fail) {
    for (const auto* bad : {"%", "a%", "%1", "%g0", "%0g", "%20%", "a%2", "%%20"})
        EXPECT_FALSE(has_sound_escapes(bad)) << bad;
    for (const auto* good : {"", "a+b", "%20", "a%2Fb%2f%00", "%2525"})
        EXPECT_TRUE(has_sound_escapes(good)) << good;
}

}  // namespace
}  // namespace weir::inline v0::http
