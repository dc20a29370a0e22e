// The client's words, both ways.
#include "../../src/frame/client_messages.hpp"

#include <gtest/gtest.h>

#include "weir/frame/call_params.hpp"

namespace weir::inline v0::frame {
namespace {

using namespace std::chrono_literals;
using kind = server_message::kind;

result<server_message> message_in(std::string_view text) {
    message_reader reader;
    return reader.read(as_bytes(text));
}

TEST(client_messages, says_hello_with_its_token) {
    EXPECT_EQ(hello_message(""), R"({"hello":{"protocol":"weir","version":1}})");
    EXPECT_EQ(hello_message("a\"b"), R"({"hello":{"protocol":"weir","version":1,"token":"a\"b"}})");
}

TEST(client_messages, sends_what_is_left_of_the_time_and_never_nothing) {
    EXPECT_EQ(call_message(7, call_text("vendor", R"({"a":1})"), 1500us),
              R"({"id":7,"timeout_ms":2,"call":"vendor","params":{"a":1}})");
    EXPECT_EQ(call_message(8, call_text("a\"b", ""), -1s),
              R"({"id":8,"timeout_ms":1,"call":"a\"b"})");
    EXPECT_EQ(cancel_message(7), R"({"cancel":7})");
}

TEST(client_messages, hears_a_hello_and_passes_over_what_is_new_in_it) {
    const auto hello = message_in(
        R"({"hello":{"protocol":"weir","version":1,"in_flight":32,"max_frame":1000,"x":1},"y":2})");
    ASSERT_TRUE(hello.has_value());
    EXPECT_EQ(hello->is, kind::hello);
    EXPECT_EQ(hello->in_flight, 32U);
    EXPECT_EQ(hello->max_frame, 1000U);
}

TEST(client_messages, does_not_know_another_protocol_or_version) {
    EXPECT_EQ(message_in(R"({"hello":{"protocol":"other","version":1}})").error(),
              errc::unsupported);
    EXPECT_EQ(message_in(R"({"hello":{"protocol":"weir","version":2}})").error(),
              errc::unsupported);
    EXPECT_EQ(message_in(R"({"hello":{}})").error(), errc::unsupported);
}

TEST(client_messages, hears_answers_errors_refusals_and_goodbyes) {
    EXPECT_EQ(message_in(R"({"id":7,"rows":[]})")->id, 7);
    const auto failed =
        message_in(R"({"id":7,"error":{"code":"not_found","title":"T","detail":"D"}})");
    ASSERT_TRUE(failed.has_value() && failed->why.has_value());
    EXPECT_EQ(*failed->why, errc::not_found);
    EXPECT_EQ(failed->why->message(), "D");
    const auto refused = message_in(R"({"id":null,"error":{"code":"malformed","title":"T"}})");
    EXPECT_EQ(refused->is, kind::refusal);
    EXPECT_EQ(refused->why->message(), "T");
    EXPECT_EQ(message_in(R"({"goodbye":{"reason":"draining"}})")->is, kind::goodbye);
    EXPECT_EQ(*message_in(R"({"id":1,"error":{"code":"invented_later"}})")->why, errc::internal);
}

TEST(client_messages, refuses_what_is_no_message) {
    for (const char* bad :
         {"", "[]", "{}", "{\"id\":\"text\",\"rows\":[]}", "{\"id\":1", "nonsense"})
        EXPECT_EQ(message_in(bad).error(), errc::malformed) << bad;
}

TEST(client_messages, takes_the_id_out_of_an_answer_wherever_it_stands) {
    EXPECT_EQ(without_id(R"({"id":7,"rows":[{"id":1}]})"), R"({"rows":[{"id":1}]})");
    EXPECT_EQ(without_id(R"({ "rows" : [ "}" , "\"," ] , "id" : 7 })"),
              R"({"rows" : [ "}" , "\"," ] })");
    EXPECT_EQ(without_id(R"({"a":{"id":1,"b":[]},"id":7,"c":-1.5e3})"),
              R"({"a":{"id":1,"b":[]},"c":-1.5e3})");
    EXPECT_EQ(without_id(R"({"id":7})"), "{}");
}

TEST(call_params, are_an_object) {
    call_params params;
    EXPECT_EQ(params.json(), "");
    params.text("a", "x\n\"").integer("b", -7).number("c", 0.5).boolean("d", true).null("e");
    params.number("f", std::numeric_limits<double>::infinity());
    EXPECT_EQ(params.json(), R"({"a":"x\n\"","b":-7,"c":0.5,"d":true,"e":null,"f":null})");
    params.json("h", "[1, {}]");
    EXPECT_TRUE(params.json().ends_with(R"("h":[1, {}]})"));
    EXPECT_TRUE(params.valid());
    EXPECT_FALSE(params.text("g", "\xFF").valid());
}

TEST(call_params, take_one_json_value_and_nothing_that_goes_beyond_it) {
    for (const char* bad : {"", "1,\"x\":2", "1}", "nonsense", "\"open", "1} {"})
        EXPECT_FALSE(call_params{}.json("a", bad).valid()) << bad;
}

TEST(call_params, are_read_from_json_which_must_be_an_object) {
    auto params = call_params::parse(" {\"a\": 1} ");
    ASSERT_TRUE(params.has_value());
    EXPECT_EQ(params->integer("b", 2).json(), R"({"a": 1,"b":2})");
    for (const char* bad : {"", "[1]", "{", "{}{}", "7"})
        EXPECT_EQ(call_params::parse(bad).error(), errc::malformed) << bad;
}

}  // namespace
}  // namespace weir::inline v0::frame
