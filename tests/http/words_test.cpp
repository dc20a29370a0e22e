// The protocol's words: methods, statuses, violations, dates, fields.
#include <string>

#include <gtest/gtest.h>

#include "weir/http/action.hpp"
#include "weir/http/date.hpp"
#include "weir/http/field.hpp"
#include "weir/http/method.hpp"
#include "weir/http/status.hpp"
#include "weir/http/violation.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::string_literals;

TEST(method, reads_back_what_it_writes) {
    for (unsigned at = 0; at < method_count; ++at) {
        const auto which = static_cast<method>(at);
        EXPECT_EQ(parse_method(to_string(which)), which);
    }
    EXPECT_EQ(to_string(method::delete_), "DELETE");
    EXPECT_EQ(parse_method("get"), std::nullopt);
    EXPECT_EQ(parse_method("GETX"), std::nullopt);
    EXPECT_EQ(parse_method(""), std::nullopt);
}

TEST(status, has_the_registered_phrases_and_those_of_its_class_otherwise) {
    EXPECT_EQ(reason_phrase(status::ok), "OK");
    EXPECT_EQ(reason_phrase(status::continue_), "Continue");
    EXPECT_EQ(reason_phrase(status::uri_too_long), "URI Too Long");
    EXPECT_EQ(reason_phrase(status::content_too_large), "Content Too Large");
    EXPECT_EQ(reason_phrase(status::request_header_fields_too_large),
              "Request Header Fields Too Large");
    EXPECT_EQ(reason_phrase(static_cast<status>(299)), "OK");
    EXPECT_EQ(reason_phrase(static_cast<status>(199)), "Continue");
    EXPECT_EQ(reason_phrase(static_cast<status>(399)), "Multiple Choices");
    EXPECT_EQ(reason_phrase(static_cast<status>(499)), "Bad Request");
    EXPECT_EQ(reason_phrase(static_cast<status>(599)), "Internal Server Error");
    EXPECT_EQ(reason_phrase(static_cast<status>(600)), "Internal Server Error");
    EXPECT_TRUE(is_interim(status::switching_protocols));
    EXPECT_FALSE(is_interim(status::ok));
}

TEST(violation, has_a_status_and_a_sentence) {
    EXPECT_EQ(status_of(violation::bare_line_feed), status::bad_request);
    EXPECT_EQ(status_of(violation::body_too_large), status::content_too_large);
    EXPECT_EQ(status_of(violation::target_too_long), status::uri_too_long);
    EXPECT_EQ(status_of(violation::unknown_expectation), status::expectation_failed);
    EXPECT_EQ(status_of(violation::too_many_fields), status::request_header_fields_too_large);
    EXPECT_EQ(status_of(violation::unknown_method), status::not_implemented);
    EXPECT_EQ(status_of(violation::unknown_version), status::http_version_not_supported);
    EXPECT_EQ(status_of(violation::unrequested_response), status::bad_gateway);
    for (auto at = 0U; at <= static_cast<unsigned>(violation::unrequested_response); ++at)
        EXPECT_TRUE(describe(static_cast<violation>(at)).ends_with('.')) << at;
}

TEST(action, has_a_name_of_each_kind) {
    std::string names;
    for (const auto each : {action::kind::need_more, action::kind::head, action::kind::body,
                            action::kind::end, action::kind::reject, action::kind::closed})
        (names += to_string(each)) += ' ';
    EXPECT_EQ(names, "need_more head body end reject closed ");
}

TEST(date, is_written_as_an_imf_fixdate) {
    EXPECT_EQ(date{784111777}.text(), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(date{0}.text(), "Thu, 01 Jan 1970 00:00:00 GMT");
    EXPECT_EQ(date{951782400}.text(), "Tue, 29 Feb 2000 00:00:00 GMT");
    EXPECT_EQ(date{-1}.text(), "Wed, 31 Dec 1969 23:59:59 GMT");
    EXPECT_EQ(date{253402300799}.text(), "Fri, 31 Dec 9999 23:59:59 GMT");
}

// Row "handler sets CR, LF or NUL in a field".
TEST(field, is_refused_where_it_would_break_the_line) {
    EXPECT_TRUE(check_field("X-Name", "a b\tc \xC3\xA4"));
    EXPECT_TRUE(check_field("X", ""));
    for (const auto& value :
         {"a\rb"s, "a\nb"s, "a\r\nSet-Cookie: b"s, "a\0b"s, "\x7F"s, "\x01"s, " a"s, "a "s, "\ta"s})
        EXPECT_EQ(check_field("X", value).error(), errc::invalid_argument) << value;
    for (const auto& name : {""s, "a b"s, "a:"s, "a\r\n"s, "\0"s, "\xC3\xA4"s})
        EXPECT_EQ(check_field(name, "a").error(), errc::invalid_argument) << name;
    EXPECT_EQ(check_field("X", "a\nb").error().text(), "the value of field X holds the byte 0x0a");
}

TEST(field, names_compare_in_any_case) {
    EXPECT_TRUE(equals_ignoring_case("Content-Type", "content-TYPE"));
    EXPECT_FALSE(equals_ignoring_case("a", "ab"));
    EXPECT_FALSE(equals_ignoring_case("@", "`"));
}

}  // namespace
}  // namespace weir::inline v0::http
