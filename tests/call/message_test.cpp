// What a client's frame is taken for.

#include "weir/call/message.hpp"

#include <string>

#include <gtest/gtest.h>

namespace weir::inline v0::call {
namespace {

using namespace std::chrono_literals;

class the_message : public ::testing::Test {
protected:
    result<message> read(std::string_view text) { return call::read(as_bytes(text), input_); }
    // Why it is no message, or nothing.
    std::string violation(std::string_view text) {
        const auto said = read(text);
        if (said) return "";
        EXPECT_EQ(said.error(), errc::malformed);
        return std::string{said.error().text()};
    }
    // Why the call cannot be made, or nothing.
    std::string wrong(std::string_view text) {
        const auto said = read(text);
        if (!said) return "no message: " + said.error().message();
        const auto& asked = std::get<request>(*said);
        if (asked.sound) return "";
        EXPECT_EQ(asked.sound.error(), errc::invalid_argument);
        return std::string{asked.sound.error().text()};
    }

    json::reader input_;
};

TEST_F(the_message, is_a_hello) {
    const auto said = read(R"({"hello":{"protocol":"weir","version":3}})");
    EXPECT_EQ(std::get<hello>(*said).version, 3);
}

TEST_F(the_message, is_a_hello_although_it_says_more_than_we_know) {
    const auto said =
        read(R"({"more":1,"hello":{"protocol":"weir","version":1,"more":{"deep":[1]}}})");
    EXPECT_TRUE(said && std::holds_alternative<hello>(*said));
}

TEST_F(the_message, is_a_hello_that_may_have_a_token) {
    const auto said = read(R"({"hello":{"token":"a\"b","protocol":"weir","version":1}})");
    EXPECT_EQ(std::get<hello>(*said).token, "a\"b");
    const auto without = read(R"({"hello":{"protocol":"weir","version":1}})");
    EXPECT_EQ(std::get<hello>(*without).token, std::nullopt);
    for (const char* const token : {"null", "1", "{}"})
        EXPECT_EQ(violation(R"({"hello":{"protocol":"weir","version":1,"token":)" +
                            std::string{token} + "}}"),
                  "a hello's token is a text");
    EXPECT_EQ(violation(R"({"hello":{"token":"a","protocol":"weir","version":1,"token":"b"}})"),
              "token is given twice");
}

TEST_F(the_message, is_no_hello_of_another_protocol) {
    EXPECT_EQ(violation(R"({"hello":{"protocol":"amqp","version":1}})"),
              R"(a hello says "protocol": "weir")");
    EXPECT_EQ(violation(R"({"hello":{"version":1}})"), R"(a hello says "protocol": "weir")");
    EXPECT_EQ(violation(R"({"hello":{"protocol":"weir"}})"), "a hello's version is an integer");
    EXPECT_EQ(violation(R"({"hello":{"protocol":"weir","version":"1"}})"),
              "a hello's version is an integer");
    EXPECT_EQ(violation(R"({"hello":1})"), "hello must be an object");
    EXPECT_EQ(violation(R"({"hello":{},"hello":{}})"), "hello is given twice");
}

TEST_F(the_message, is_a_call) {
    const auto said = read(R"({"params":{"a":1},"timeout_ms":500,"call":"vendor","id":7})");
    const auto& asked = std::get<request>(*said);
    EXPECT_TRUE(asked.sound);
    EXPECT_EQ(asked.id, id{7});
    EXPECT_EQ(asked.name, "vendor");
    EXPECT_EQ(asked.timeout, 500ms);
    EXPECT_TRUE(asked.has_params);
}

TEST_F(the_message, is_a_call_without_what_may_be_left_out) {
    const auto said = read(R"({"id":"x","call":"vendor"})");
    const auto& asked = std::get<request>(*said);
    EXPECT_TRUE(asked.sound);
    EXPECT_EQ(asked.id, id{std::string_view{"x"}});
    EXPECT_EQ(asked.timeout, std::nullopt);
    EXPECT_FALSE(asked.has_params);
}

TEST_F(the_message, is_a_call_that_cannot_be_made) {
    EXPECT_EQ(wrong(R"({"id":1})"), "call is missing");
    EXPECT_EQ(wrong(R"({"id":1,"call":7})"), "call must be a text");
    EXPECT_EQ(wrong(R"({"id":1,"call":"a","call":"a"})"), "call is given twice");
    EXPECT_EQ(wrong(R"({"id":1,"call":"a","params":[]})"), "params must be an object");
    EXPECT_EQ(wrong(R"({"id":1,"call":"a","params":{},"params":{}})"), "params is given twice");
    EXPECT_EQ(wrong(R"({"id":1,"call":"a","timeout_ms":1,"timeout_ms":1})"),
              "timeout_ms is given twice");
    EXPECT_EQ(wrong(R"({"id":1,"call":"a","timeout":1})"),
              "a call has id, call, params and timeout_ms, and no timeout");
    EXPECT_EQ(wrong(R"({"id":1,"call":"a",")" + std::string(101, 'x') + R"(":1})"),
              "a call has id, call, params and timeout_ms, and no more");
}

TEST_F(the_message, has_a_timeout_between_a_millisecond_and_a_day) {
    for (const char* const text : {"0", "-1", "1.0", "1.5", "\"1\"", "null", "86400001"})
        EXPECT_EQ(wrong(R"({"id":1,"call":"a","timeout_ms":)" + std::string{text} + "}"),
                  "timeout_ms must be an integer from 1 to 86400000");
    EXPECT_EQ(wrong(R"({"id":1,"call":"a","timeout_ms":86400000})"), "");
}

TEST_F(the_message, has_an_id_that_can_be_echoed) {
    const std::string longest(64, 'x');
    EXPECT_EQ(wrong(R"({"call":"a","id":")" + longest + "\"}"), "");
    for (const std::string& text : {std::string{"null"}, std::string{"1.0"}, std::string{"1.5"},
                                    std::string{"[]"}, '"' + longest + "x\""})
        EXPECT_EQ(violation(R"({"call":"a","id":)" + text + "}"),
                  "id must be an integer, or a text of at most 64 bytes");
    EXPECT_EQ(violation(R"({"call":"a"})"), "a call must have an id");
    EXPECT_EQ(violation(R"({"call":"a","id":1,"id":1})"), "id is given twice");
}

TEST_F(the_message, is_a_cancel) {
    EXPECT_EQ(std::get<cancel>(*read(R"({"cancel":"x","more":1})")).id, id{std::string_view{"x"}});
    EXPECT_EQ(violation(R"({"cancel":null})"), "cancel must be the id of a call");
    EXPECT_EQ(violation(R"({"cancel":1,"cancel":2})"), "cancel is given twice");
}

TEST_F(the_message, is_a_goodbye_whatever_it_says) {
    EXPECT_TRUE(std::holds_alternative<goodbye>(*read(R"({"goodbye":{}})")));
    EXPECT_TRUE(std::holds_alternative<goodbye>(*read(R"({"goodbye":{"reason":"tired"}})")));
    EXPECT_TRUE(std::holds_alternative<goodbye>(*read(R"({"goodbye":1})")));
    EXPECT_EQ(violation(R"({"goodbye":{},"goodbye":{}})"), "goodbye is given twice");
}

TEST_F(the_message, is_one_of_them_and_no_more) {
    EXPECT_EQ(violation("{}"), "this is no hello, call, cancel or goodbye");
    EXPECT_EQ(violation(R"({"params":{}})"), "this is no hello, call, cancel or goodbye");
    EXPECT_EQ(violation(R"({"id":1,"cancel":1})"), "this is more than one message");
    EXPECT_EQ(violation(R"({"goodbye":{},"hello":{}})"), "this is more than one message");
    EXPECT_EQ(violation("[]"), "the JSON must be an object");
    EXPECT_EQ(violation(""), "there is no JSON");
    EXPECT_EQ(violation("GET / HTTP/1.1"), "this is no JSON");
}

}  // namespace
}  // namespace weir::inline v0::call
