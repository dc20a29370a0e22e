#include "service/secret_mask.hpp"

#include <string>

#include <gtest/gtest.h>

namespace weir::inline v0 {
namespace {

std::string masked(std::string_view text) {
    secret_mask mask;
    std::string shown;
    for (const char each : text) shown += mask(each);
    return shown;
}

TEST(secret_mask, hides_values_of_fields_that_say_who_somebody_is) {
    EXPECT_EQ(masked("GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer abc\r\nA: b\r\n\r\n"),
              "GET / HTTP/1.1\r\nHost: x\r\nAuthorization:***********\r\nA: b\r\n\r\n");
    for (const char* name : {"authorization", "AUTHORIZATION", "Proxy-Authorization", "Cookie",
                             "Set-Cookie", " Authorization", "Authorization \t"}) {
        const std::string field = std::string{name} + ":";
        EXPECT_EQ(masked("\r\n" + field + "a: b\n:x"), "\r\n" + field + "****\n:x") << name;
    }
}

TEST(secret_mask, hides_lines_that_go_on) {
    EXPECT_EQ(masked("Cookie: a\r\n b\r\n\tc\r\nA: b"), "Cookie:**\r\n**\r\n**\r\nA: b");
    EXPECT_EQ(masked("A: b\r\n c\r\nCookie: d"), "A: b\r\n c\r\nCookie:**");
}

TEST(secret_mask, leaves_everything_else) {
    for (const std::string_view text :
         {"GET /Authorization:/x HTTP/1.1\r\nX-Authorization: a\r\nCookies: b\r\n\r\nCookie",
          R"({"id":1,"call":"token","params":{"tokens":"a","token":7,"x":"token"}})",
          R"({"hello":{"token" "a","\u0074oke":"b","\\u0074oken":"c","\u0075oken":"d"}})"})
        EXPECT_EQ(masked(text), text);
}

TEST(secret_mask, hides_texts_of_members_named_token) {
    EXPECT_EQ(masked(R"({"hello":{"token":"ab","version":1,"token" : "c\"\\d"}})"),
              R"({"hello":{"token":"**","version":1,"token" : "******"}})");
    EXPECT_EQ(masked(R"("token":"")"), R"("token":"")");
    EXPECT_EQ(masked(R"(""token":"a"x"token":"b")"), R"(""token":"*"x"token":"*")");
}

TEST(secret_mask, knows_a_name_whose_letters_are_escaped) {
    EXPECT_EQ(masked(R"({"\u0074o\u006Be\u006e":"a"})"), R"({"\u0074o\u006Be\u006e":"*"})");
    EXPECT_EQ(masked(R"("\u00"token":"a")"), R"("\u00"token":"*")");
    EXPECT_EQ(masked(R"("\n"token":"a")"), R"("\n"token":"*")");
}

}  // namespace
}  // namespace weir::inline v0
