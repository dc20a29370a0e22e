// What a server says, byte by byte.

#include "weir/call/answer.hpp"

#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "weir/base/version.hpp"

namespace weir::inline v0::call {
namespace {

std::string written(const std::function<void(json::writer&)>& write) {
    io::block_pool blocks;
    io::block_writer body{blocks};
    json::writer json{body};
    write(json);
    EXPECT_TRUE(json.complete());
    return std::string{as_text(body.all_parts().next().value())};
}

std::string error_of(const id& of, const error& why) {
    return written([&](json::writer& json) { write_error(of, why, json); });
}

TEST(the_answer, is_a_hello_that_names_limits) {
    const auto text =
        written([](json::writer& json) { write_hello(server_hello{32, 1000}, json); });
    EXPECT_EQ(text, R"({"hello":{"protocol":"weir","version":1,"in_flight":32,"max_frame":1000,)"
                    R"("server":"weir )" +
                        std::string{weir::version} + "\"}}");
}

TEST(the_answer, is_a_goodbye_with_a_reason) {
    EXPECT_EQ(written([](json::writer& json) { write_goodbye("draining", json); }),
              R"({"goodbye":{"reason":"draining"}})");
}

TEST(the_answer, is_an_error_of_a_call_or_of_the_connection) {
    EXPECT_EQ(error_of(id{7}, error{errc::invalid_argument, "n is missing"}),
              R"({"id":7,"error":{"code":"invalid_argument","title":"The call is wrong",)"
              R"("detail":"n is missing"}})");
    EXPECT_EQ(error_of(id{std::string_view{"a\"b"}}, errc::timed_out),
              R"({"id":"a\"b","error":{"code":"timed_out","title":"It took too long"}})");
    EXPECT_EQ(error_of({}, errc::malformed),
              R"({"id":null,"error":{"code":"malformed","title":"This is no message"}})");
}

TEST(the_answer, has_no_code_that_the_document_does_not_know) {
    EXPECT_EQ(wire_code(errc::conflict), "conflict");
    EXPECT_EQ(wire_code(errc::outcome_unknown), "outcome_unknown");
    EXPECT_EQ(wire_code(errc::out_of_memory), "overloaded");
    EXPECT_EQ(wire_code(errc::reset), "internal");
    EXPECT_EQ(wire_code(errc::system), "internal");
}

TEST(the_answer, holds_no_text_that_is_not_utf8) {
    EXPECT_EQ(error_of(id{1}, error{errc::internal, "\xff"}),
              R"({"id":1,"error":{"code":"internal","title":"It failed","detail":null}})");
}

}  // namespace
}  // namespace weir::inline v0::call
