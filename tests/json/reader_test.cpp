// JSON from a peer, read strictly.

#include "weir/json/reader.hpp"

#include <gtest/gtest.h>

namespace weir::inline v0::json {
namespace {

class collector final : public visitor {
public:
    result<> on_member(std::string_view name, const value& value) override {
        seen += std::string{name} + ':';
        switch (value.is) {
            case value::kind::null:
                seen += "null";
                break;
            case value::kind::boolean:
                seen += value.boolean ? "true" : "false";
                break;
            case value::kind::integer:
                seen += std::to_string(value.integer);
                break;
            case value::kind::real:
                seen += "real " + std::to_string(value.real);
                break;
            case value::kind::text:
                seen += '"' + std::string{value.text} + '"';
                break;
            case value::kind::array:
                seen += "[]";
                break;
            case value::kind::object:
                seen += "{}";
                break;
        }
        seen += ' ';
        if (name == "stop") return fail(errc::invalid_argument, "stopped");
        return {};
    }

    std::string seen;
};

std::string members_of(std::string_view text) {
    reader input;
    if (auto parsed = input.parse(as_bytes(text)); !parsed)
        return std::string{to_string(parsed.error().code())} + ": " +
               std::string{parsed.error().text()};
    collector all;
    (void)input.each_member(all);
    return all.seen;
}

TEST(reader, reads_an_objects_members) {
    EXPECT_EQ(members_of(R"({"a":1,"b":"x\u00e4\n","c":null,"d":true,"e":[1,2],"f":{"g":1}})"),
              "a:1 b:\"x\u00e4\n\" c:null d:true e:[] f:{} ");
    EXPECT_EQ(members_of(" {} "), "");
}

TEST(reader, tells_integers_from_other_numbers) {
    EXPECT_EQ(members_of(R"({"a":9223372036854775807,"b":-9223372036854775808})"),
              "a:9223372036854775807 b:-9223372036854775808 ");
    EXPECT_EQ(members_of(R"({"a":9223372036854775808})"), "a:real 9223372036854775808.000000 ");
    EXPECT_EQ(members_of(R"({"a":1.0})"), "a:real 1.000000 ");
}

TEST(reader, shows_a_repeated_member_twice) {
    EXPECT_EQ(members_of(R"({"a":1,"a":2})"), "a:1 a:2 ");
}

TEST(reader, refuses_what_is_no_json) {
    for (const char* text : {"{", "{\"a\"}", "{'a':1}", "{\"a\":1,}", "{\"a\":01}", "{\"a\":nul}",
                             "{\"a\":1} x", "{\"a\":\"\x01\"}", "{\"a\":\"\\ud800\"}"})
        EXPECT_TRUE(members_of(text).starts_with("malformed: ")) << text << members_of(text);
    EXPECT_EQ(members_of(""), "malformed: there is no JSON");
    EXPECT_EQ(members_of("{\"a\":\"\xff\"}"), "malformed: the JSON is not UTF-8");
}

TEST(reader, refuses_what_is_no_object) {
    for (const char* text : {"1", "null", "[]", "\"x\""})
        EXPECT_EQ(members_of(text), "malformed: the JSON must be an object") << text;
}

TEST(reader, refuses_depth) {
    const auto nested = [](std::size_t depth) {
        return "{\"a\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
    };
    EXPECT_EQ(members_of(nested(reader::max_depth - 1)), "a:[] ");
    EXPECT_EQ(members_of(nested(reader::max_depth + 1)),
              "malformed: the JSON nests deeper than 32 levels");
    EXPECT_TRUE(members_of(nested(100'000)).starts_with("malformed: "));
}

TEST(reader, keeps_its_depth_limit_for_large_documents) {
    const std::string deep = std::string(40, '[') + std::string(40, ']');
    const std::string padding(200'000, 'x');
    EXPECT_EQ(members_of("{\"p\":\"" + padding + "\",\"a\":" + deep + "}"),
              "malformed: the JSON nests deeper than 32 levels");
}

TEST(reader, stops_at_the_member_that_is_refused) {
    reader input;
    const std::string_view text = R"({"a":1,"stop":2,"b":3})";
    ASSERT_TRUE(input.parse(as_bytes(text)));
    collector all;
    EXPECT_EQ(input.each_member(all).error().text(), "stopped");
    EXPECT_EQ(all.seen, "a:1 stop:2 ");
}

TEST(reader, goes_into_a_member) {
    reader input;
    const std::string_view text = R"({"x":{"a":1},"y":2})";
    ASSERT_TRUE(input.parse(as_bytes(text)));
    collector all;
    EXPECT_TRUE(input.each_member_of("x", all));
    EXPECT_EQ(all.seen, "a:1 ");
    EXPECT_EQ(input.each_member_of("y", all).error(), errc::not_found);
    EXPECT_EQ(input.each_member_of("z", all).error(), errc::not_found);
}

TEST(reader, reads_document_after_document_of_any_size) {
    reader input;
    for (const std::size_t size : {10U, 1'000'000U, 10U, 100'000U}) {
        const std::string text = "{\"a\":\"" + std::string(size, 'x') + "\"}";
        ASSERT_TRUE(input.parse(as_bytes(text)));
        collector all;
        ASSERT_TRUE(input.each_member(all));
        EXPECT_EQ(all.seen.size(), size + 5);
    }
}

}  // namespace
}  // namespace weir::inline v0::json
