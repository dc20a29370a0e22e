#include "weir/json/writer.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace weir::inline v0::json {
namespace {

class writer_test : public testing::Test {
protected:
    std::string text() {
        std::string all;
        auto parts = body_.all_parts();
        while (const auto part = parts.next()) all += as_text(*part);
        return all;
    }
    std::string string(std::string_view value) {
        body_.clear();
        writer json{body_};
        return json.string(value) ? text() : "refused";
    }
    std::string base64(std::string_view value) {
        body_.clear();
        writer json{body_};
        json.base64(as_bytes(value));
        return text();
    }
    std::string number(double value) {
        body_.clear();
        writer json{body_};
        json.number(value);
        return text();
    }

    io::block_pool blocks_;
    io::block_writer body_{blocks_};
    writer json_{body_};
};

TEST_F(writer_test, puts_commas_and_colons_where_they_belong) {
    json_.begin_object();
    EXPECT_TRUE(json_.name("rows").has_value());
    json_.begin_array();
    for (int i = 0; i < 2; ++i) {
        json_.begin_object();
        EXPECT_TRUE(json_.name("a").has_value());
        json_.integer(i);
        EXPECT_TRUE(json_.name("b").has_value());
        json_.null();
        json_.end_object();
    }
    json_.begin_array();
    json_.end_array();
    json_.boolean(true);
    json_.boolean(false);
    json_.raw("{\"x\":1}");
    json_.end_array();
    EXPECT_TRUE(json_.name("empty").has_value());
    json_.begin_object();
    json_.end_object();
    EXPECT_FALSE(json_.complete());
    json_.end_object();
    EXPECT_TRUE(json_.complete());
    EXPECT_EQ(text(),
              R"({"rows":[{"a":0,"b":null},{"a":1,"b":null},[],true,false,{"x":1}],"empty":{}})");
}

TEST_F(writer_test, escapes_what_json_forbids_and_nothing_else) {
    EXPECT_EQ(string(""), R"("")");
    EXPECT_EQ(string("a\"b\\c/d"), R"("a\"b\\c/d")");
    EXPECT_EQ(string("\b\f\n\r\t"), R"("\b\f\n\r\t")");
    EXPECT_EQ(string({"\0\x01\x1f\x7f", 4}), "\"\\u0000\\u0001\\u001f\x7f\"");
    EXPECT_EQ(string("Zürich €  𝄞"), "\"Zürich €  𝄞\"");
}

// Several bytes are looked at at a time.
TEST_F(writer_test, escapes_a_byte_wherever_it_stands) {
    for (std::size_t size = 1; size < 30; ++size) {
        const std::string plain(size, 'x');
        EXPECT_EQ(string(plain), '"' + plain + '"');
        for (std::size_t at = 0; at < size; ++at) {
            std::string text = plain;
            text[at] = '"';
            std::string expected = '"' + text + '"';
            expected.insert(at + 1, "\\");
            EXPECT_EQ(string(text), expected);
        }
    }
}

TEST_F(writer_test, refuses_what_is_not_utf_8_and_writes_nothing_then) {
    for (const char* bad : {"\x80", "ab\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                            "12345678\xE2\x82", "\xFF"}) {
        EXPECT_EQ(string(bad), "refused") << bad;
        EXPECT_EQ(body_.size(), 0U);
    }
    writer json{body_};
    json.begin_object();
    EXPECT_EQ(json.name("\x80").error(), errc::malformed);
    EXPECT_TRUE(json.name("a").has_value());
    EXPECT_EQ(json.string("\x80").error(), errc::malformed);
    json.null();
    json.end_object();
    EXPECT_EQ(text(), R"({"a":null})");
}

TEST_F(writer_test, writes_numbers_that_read_back_as_the_same) {
    json_.begin_array();
    json_.integer(std::numeric_limits<std::int64_t>::min());
    json_.integer(std::numeric_limits<std::int64_t>::max());
    json_.end_array();
    EXPECT_EQ(text(), "[-9223372036854775808,9223372036854775807]");
    EXPECT_EQ(number(0.1), "0.1");
    EXPECT_EQ(number(-1e300), "-1e+300");
    EXPECT_EQ(number(1.0), "1");
    EXPECT_EQ(std::stod(number(0.1 + 0.2)), 0.1 + 0.2);
    EXPECT_EQ(number(std::nan("")), "null");
    EXPECT_EQ(number(-std::numeric_limits<double>::infinity()), "null");
}

// RFC 4648 section 10
TEST_F(writer_test, writes_bytes_as_padded_base64) {
    EXPECT_EQ(base64(""), R"("")");
    EXPECT_EQ(base64("f"), R"("Zg==")");
    EXPECT_EQ(base64("fo"), R"("Zm8=")");
    EXPECT_EQ(base64("foo"), R"("Zm9v")");
    EXPECT_EQ(base64("foob"), R"("Zm9vYg==")");
    EXPECT_EQ(base64("fooba"), R"("Zm9vYmE=")");
    EXPECT_EQ(base64("foobar"), R"("Zm9vYmFy")");
    EXPECT_EQ(base64("\xFB\xFF\xFE"), R"("+//+")");
}

TEST_F(writer_test, takes_what_does_not_nest_for_a_programmers_error) {
    EXPECT_THROW(json_.end_array(), std::logic_error);
    EXPECT_THROW((void)json_.name("a"), std::logic_error);
    json_.begin_object();
    EXPECT_THROW(json_.integer(1), std::logic_error);
    EXPECT_THROW(json_.end_array(), std::logic_error);
    EXPECT_TRUE(json_.name("a").has_value());
    EXPECT_THROW((void)json_.name("b"), std::logic_error);
    EXPECT_THROW(json_.end_object(), std::logic_error);
    json_.null();
    json_.end_object();
    EXPECT_THROW(json_.null(), std::logic_error);
}

TEST_F(writer_test, nests_as_deep_as_it_says) {
    for (unsigned depth = 0; depth < writer::max_depth; ++depth) json_.begin_array();
    EXPECT_THROW(json_.begin_array(), std::logic_error);
    for (unsigned depth = 0; depth < writer::max_depth; ++depth) json_.end_array();
    EXPECT_TRUE(json_.complete());
    EXPECT_EQ(text(), std::string(63, '[') + std::string(63, ']'));
}

}  // namespace
}  // namespace weir::inline v0::json
