#include "weir/http/head_reader.hpp"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "weir/http/control_fields.hpp"

#include "conversation.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::string_literals;

std::string get(const std::string& target) {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

std::string with_field(const std::string& line) {
    return "GET / HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n";
}

// Row "bare LF in start line or fields; bare CR anywhere; NUL, CR, LF in a value".
TEST(head_reader, refuses_lines_that_do_not_end_with_crlf) {
    EXPECT_EQ(verdict("GET / HTTP/1.1\nHost: a\r\n\r\n"), "400 bare_line_feed");
    EXPECT_EQ(verdict("GET\n/ HTTP/1.1\r\nHost: a\r\n\r\n"), "400 bare_line_feed");
    EXPECT_EQ(verdict("GET /\n"), "400 bare_line_feed");
    EXPECT_EQ(verdict("GET / HTTP/1.1\rHost: a\r\n\r\n"), "400 bare_carriage_return");
    EXPECT_EQ(verdict("GET /\rHTTP/1.1\r\nHost: a\r\n\r\n"), "400 bare_carriage_return");
    EXPECT_EQ(verdict("GET / HTTP/1.1\r\nHost: a\n\r\n"), "400 bare_line_feed");
    EXPECT_EQ(verdict("GET / HTTP/1.1\r\nHost: a\r\n\n"), "400 bare_line_feed");
    EXPECT_EQ(verdict("GET / HTTP/1.1\r\nHost: a\r\n\rX"), "400 bare_carriage_return");
    EXPECT_EQ(verdict(with_field("A: b\nC: d")), "400 bare_line_feed");
    EXPECT_EQ(verdict(with_field("A: b\rC: d")), "400 bare_carriage_return");
    EXPECT_EQ(verdict(with_field("A\nB: c")), "400 bare_line_feed");
    EXPECT_EQ(verdict(with_field("A\rB: c")), "400 bare_carriage_return");
    EXPECT_EQ(verdict(with_field("A: b\r")), "400 bare_carriage_return");
}

TEST(head_reader, refuses_control_characters_in_a_value) {
    for (int c = 0; c < 256; ++c) {
        if (c == '\r' || c == '\n') continue;
        const bool fits = c == '\t' || (c >= 0x20 && c != 0x7F);
        EXPECT_EQ(verdict(with_field("A: b"s + static_cast<char>(c) + "d, and some more")),
                  fits ? "read" : "400 malformed_field_value")
            << c;
    }
}

// Row "space before colon, space before the first field, obs-fold, bad field name".
TEST(head_reader, refuses_spaces_where_two_readers_could_see_different_fields) {
    EXPECT_EQ(verdict("GET / HTTP/1.1\r\n Host: a\r\n\r\n"), "400 space_before_field");
    EXPECT_EQ(verdict("GET / HTTP/1.1\r\n\tHost: a\r\n\r\n"), "400 space_before_field");
    EXPECT_EQ(verdict(with_field("A: b\r\n c")), "400 space_before_field");
    EXPECT_EQ(verdict(with_field("A : b")), "400 space_before_colon");
    EXPECT_EQ(verdict(with_field("A\t: b")), "400 space_before_colon");
    EXPECT_EQ(verdict(with_field("Transfer-Encoding : chunked")), "400 space_before_colon");
}

TEST(head_reader, takes_only_tokens_as_field_names) {
    const std::string marks = "!#$%&'*+-.^_`|~";
    for (int c = 0; c < 256; ++c) {
        const char byte = static_cast<char>(c);
        const bool letter_or_digit =
            (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
        if (byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n' || byte == ':') continue;
        const bool fits = letter_or_digit || marks.find(byte) != std::string::npos;
        EXPECT_EQ(verdict(with_field("Aaaaaaaaaaaaaaaaaaaaaaaa"s + byte + "b: c")),
                  fits ? "read" : "400 malformed_field_name")
            << c;
    }
    EXPECT_EQ(verdict(with_field(": a")), "400 malformed_field_name");
    EXPECT_EQ(verdict(with_field("no colon")), "400 space_before_colon");
    EXPECT_EQ(verdict(with_field("nocolon")), "400 malformed_field_name");
}

// Row "Host missing, twice, or not a valid authority in HTTP/1.1".
TEST(head_reader, demands_exactly_one_valid_host) {
    const auto with_host = [](const std::string& fields) {
        return verdict("GET / HTTP/1.1\r\n" + fields + "\r\n");
    };
    EXPECT_EQ(with_host(""), "400 missing_host");
    EXPECT_EQ(with_host("Host: a\r\nHost: a\r\n"), "400 repeated_host");
    for (const auto* good :
         {"a", "a:80", "a:", "a:0000080", "127.0.0.1:65535", "[::1]", "[::1]:80", "xn--a_b",
          "[2001:db8::1]", "[1:2:3:4:5:6:7:8]", "[::ffff:1.2.3.4]", "[::11.0.10.255]", "a%20b"})
        EXPECT_EQ(with_host("Host: "s + good + "\r\n"), "read") << good;
    for (const auto* bad : {"",
                            "a b",
                            "a/b",
                            "u@a",
                            "a:b",
                            "a:65536",
                            "a:0065536",
                            "a:80:80",
                            ":80",
                            "[::1",
                            "::1",
                            "[1:2:3]",
                            "[1:2:3:4:5:6:7:8:9]",
                            "[::1::]",
                            "[g::]",
                            "[::1]x",
                            "[1.2.3.4]",
                            "[::256.1.1.1]",
                            "[::1.1.01.1]",
                            "[1.2.3.4::1]",
                            "a%2",
                            "a,b c",
                            "a\\b",
                            "[:1:2:3:4:5:6:7]",
                            "[1:2:3:4:5:6:7:]",
                            "a?b",
                            "\x80"})
        EXPECT_EQ(with_host("Host: "s + bad + "\r\n"), "400 malformed_host") << bad;
    EXPECT_EQ(verdict("GET / HTTP/1.0\r\n\r\n"), "read");
    EXPECT_EQ(verdict("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"), "400 repeated_host");
}

// Row "absolute-form target".
TEST(head_reader, lets_an_absolute_targets_authority_override_host) {
    EXPECT_EQ(converse_at_every_split(get("HTTP://b:80/c?d")),
              "head GET /c?d HTTP/1.1 host=b:80 fields=1\nend\nclean\n");
    EXPECT_EQ(converse_at_every_split(get("https://b?d")),
              "head GET /?d HTTP/1.1 host=b fields=1\nend\nclean\n");
    EXPECT_EQ(verdict("GET http://b/ HTTP/1.1\r\n\r\n"), "400 missing_host");
    for (const auto* bad : {"http://", "http:///a", "http://u@b/", "ftp://b/", "http:/b", "b",
                            "b:80", "?a", "://b", "http://b:x/", "/a#b", "http://b#c"})
        EXPECT_EQ(verdict(get(bad)), "400 malformed_target") << bad;
}

// The same row: "`OPTIONS *` accepted; CONNECT 501".
TEST(head_reader, takes_an_asterisk_for_options_only_and_does_not_connect) {
    EXPECT_EQ(converse_at_every_split("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"),
              "head OPTIONS * HTTP/1.1 host=a fields=1\nend\nclean\n");
    EXPECT_EQ(verdict(get("*")), "400 malformed_target");
    EXPECT_EQ(verdict("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n"), "501 connect_not_offered");
}

// Row "unknown method 501; known but not allowed 405 with Allow; major version other than 1: 505":
// 405 is the router's.
TEST(head_reader, answers_unknown_methods_and_versions_with_their_statuses) {
    const std::string rest = "\r\nHost: a\r\n\r\n";
    EXPECT_EQ(verdict("BREW / HTTP/1.1" + rest), "501 unknown_method");
    EXPECT_EQ(verdict("get / HTTP/1.1" + rest), "501 unknown_method");
    EXPECT_EQ(verdict("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "505 unknown_version");
    EXPECT_EQ(verdict("GET / HTTP/0.9" + rest), "505 unknown_version");
    EXPECT_EQ(verdict("GET / HTTP/1.2" + rest), "read");
    for (const auto* bad :
         {"", "HTTP/1", "HTTP/1.", "HTTP/1.10", "HTTP/11.1", "http/1.1", "HTTP 1.1", "XTTP/1.1",
          "HTTP/1.1 ", " HTTP/1.1", "HTTP/a.1", "HTTP/1.1\t"})
        EXPECT_EQ(verdict("GET / "s + bad + rest), "400 malformed_version") << bad;
}

TEST(head_reader, refuses_start_lines_that_are_none) {
    const std::string rest = "\r\nHost: a\r\n\r\n";
    EXPECT_EQ(verdict("GET /" + rest), "400 malformed_request_line");
    EXPECT_EQ(verdict("GET" + rest), "400 malformed_request_line");
    EXPECT_EQ(verdict("GET  / HTTP/1.1" + rest), "400 malformed_target");
    EXPECT_EQ(verdict("GET\t/ HTTP/1.1" + rest), "400 malformed_method");
    EXPECT_EQ(verdict("G@T / HTTP/1.1" + rest), "400 malformed_method");
    EXPECT_EQ(verdict("GET /a b HTTP/1.1" + rest), "400 malformed_version");
    EXPECT_EQ(verdict("GET /\0a HTTP/1.1"s + rest), "400 malformed_target");
    EXPECT_EQ(verdict("GET /\x80 HTTP/1.1" + rest), "400 malformed_target");
    EXPECT_EQ(verdict("GET /a\tb HTTP/1.1" + rest), "400 malformed_target");
}

TEST(head_reader, refuses_what_does_not_start_like_http_at_its_first_byte) {
    EXPECT_EQ(converse_at_every_split("\x16\x03\x01"), "reject 400 malformed_method at 0\n");
    EXPECT_EQ(converse({" "}), "reject 400 malformed_method at 0\n");
}

// Row "target over 8,000 octets 414".
TEST(head_reader, refuses_a_target_over_8000_octets) {
    EXPECT_EQ(verdict(get("/" + std::string(7'999, 'a'))), "read");
    EXPECT_EQ(verdict(get("/" + std::string(8'000, 'a'))), "414 target_too_long");
    EXPECT_EQ(verdict("GET /" + std::string(8'100, 'a')), "414 target_too_long");
    EXPECT_EQ(verdict(get("/" + std::string(20'000, 'a'))), "414 target_too_long");
    EXPECT_EQ(verdict("GET /" + std::string(8'000, 'a')), "premature");
    EXPECT_EQ(verdict(std::string(9'000, 'A')), "501 unknown_method");
    EXPECT_EQ(verdict("A:" + std::string(9'000, 'A')), "400 malformed_method");
}

// The same row: "too many or too large fields 431".
TEST(head_reader, refuses_more_than_100_fields) {
    const auto with_fields = [](int count) {
        std::string input = "GET / HTTP/1.1\r\nHost: a\r\n";
        for (int at = 1; at < count; ++at) input += "X-" + std::to_string(at) + ": y\r\n";
        return input + "\r\n";
    };
    EXPECT_EQ(verdict(with_fields(100)), "read");
    EXPECT_EQ(verdict(with_fields(101)), "431 too_many_fields");
    limits bounds;
    bounds.max_fields = 2;
    EXPECT_EQ(verdict(with_fields(2), bounds), "read");
    EXPECT_EQ(verdict(with_fields(3), bounds), "431 too_many_fields");
    bounds.max_fields = 1'000;
    EXPECT_EQ(verdict(with_fields(101), bounds), "431 too_many_fields");
}

TEST(head_reader, refuses_more_than_32_kib_of_fields) {
    const std::string start = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
    const std::size_t rest = 32 * 1024 - std::string_view{"Host: a\r\nX: \r\n"}.size();
    EXPECT_EQ(verdict(start + std::string(rest, 'y') + "\r\n\r\n"), "read");
    EXPECT_EQ(verdict(start + std::string(rest + 1, 'y') + "\r\n\r\n"), "431 fields_too_large");
    EXPECT_EQ(verdict(start + std::string(rest + 2, 'y')), "431 fields_too_large");
    EXPECT_EQ(verdict(start + std::string(rest + 1, 'y')), "premature");
    limits bounds;
    bounds.max_field_bytes = 20;
    EXPECT_EQ(converse_at_every_split("GET / HTTP/1.1\r\nHost: a\r\nX: 0123456789\r\n\r\n", bounds),
              "reject 431 fields_too_large at 36\n");
}

// Feeding byte by byte must not look at the whole line again for every byte: with the line
// rescanned this takes 2^30 steps and minutes under a sanitizer.
TEST(head_reader, reads_a_long_line_that_arrives_byte_by_byte_in_linear_time) {
    limits bounds;
    bounds.max_field_bytes = 4 * 1024 * 1024;
    const std::string input =
        "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(1024 * 1024, 'y') + "\r\n\r\n";
    head_reader reader;
    request_head head;
    std::size_t size = 1;
    while (reader.read(std::string_view{input}.substr(0, size), head, bounds) ==
               head_reader::state::fields ||
           !reader.begun() || size < 20)
        ++size;
    EXPECT_EQ(size, input.size());
    EXPECT_EQ(head.find("x").value_or("").size(), 1024U * 1024U);
}

// Nothing that a reader takes has one; a field of anybody's may.
TEST(control_fields, know_no_field_without_a_name_or_with_a_long_one) {
    control_fields fields{message::request};
    EXPECT_EQ(fields.add(field{"", "chunked"}), violation::none);
    EXPECT_EQ(fields.framing(), framing::none);
    EXPECT_FALSE(control_fields::may_know(""));
    EXPECT_FALSE(control_fields::may_know(std::string(32, 'h')));
    EXPECT_TRUE(control_fields::may_know("Host"));
}

TEST(request_head, finds_fields_in_any_case_and_the_first_of_several) {
    const limits bounds;
    head_reader reader;
    request_head head;
    EXPECT_EQ(reader.read("GET / HTTP/1.1\r\nHOST: a\r\nAccept:  b c \t\r\naccept: d\r\nE:\r\n\r\n",
                          head, bounds),
              head_reader::state::complete);
    EXPECT_EQ(head.find("accept"), "b c");
    EXPECT_EQ(head.find("host"), "a");
    EXPECT_EQ(head.find("E"), "");
    EXPECT_EQ(head.find("absent"), std::nullopt);
}

// What a head tells, or why there is none.
std::string read_into(request_head& head, const std::string& input, const limits& bounds) {
    head_reader reader;
    head.reset();
    const head_reader::state found = reader.read(input, head, bounds);
    if (found == head_reader::state::broken)
        return std::string{to_string(reader.why())} + " at " + std::to_string(reader.offset());
    if (found != head_reader::state::complete) return std::string{to_string(found)};
    std::string told = std::to_string(reader.length()) + " bytes, host " + std::string{head.host()};
    told += ' ' + std::to_string(head.content_length().value_or(0)) + (head.chunked() ? " c" : "");
    told += head.keep_alive() ? " stays" : " goes";
    for (const field& each : head.fields()) {
        EXPECT_GE(each.name.data(), input.data());
        EXPECT_LE(each.value.data() + each.value.size(), input.data() + input.size());
        ((((told += '\n') += each.name) += '=') += each.value);
    }
    return told;
}

// Each of them behind each of them, with the head that the one before has left.
TEST(request_head, tells_what_repeats_as_it_tells_what_is_new) {
    const std::vector<std::string> fields{
        "Host: a\r\n\r\n",
        "Host: b\r\n\r\n",
        "Host: a\r\nX: y\r\n\r\n",
        "Host: a\r\nX: y\r\nZ: \r\n\r\n",
        "Host: a\r\nX: y",
        "Host: a\r\n\r\nHost: b\r\n\r\n",
        "Host: a\r\nContent-Length: 7\r\n\r\n",
        "Host: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
        "Connection: keep-alive\r\n\r\n",
        "Host: a\r\nHost: a\r\n\r\n",
        "Host: a\r\nX: " + std::string(990, 'y') + "\r\n\r\n",
        "Host: a\r\nX: " + std::string(1100, 'y') + "\r\n\r\n",
        "\r\n",
        "",
    };
    limits few;
    few.max_fields = 1;
    limits small;
    small.max_field_bytes = 16;
    for (const limits& bounds : {limits{}, few, small}) {
        for (const std::string& first : fields) {
            for (const std::string& second : fields) {
                for (const char* line : {"GET / HTTP/1.1\r\n", "POST /p?q HTTP/1.0\r\n"}) {
                    request_head used;
                    (void)read_into(used, "GET /first HTTP/1.1\r\n" + first, limits{});
                    request_head unused;
                    const std::string input = line + second;
                    EXPECT_EQ(read_into(used, input, bounds), read_into(unused, input, bounds))
                        << first << "before\n"
                        << input;
                }
            }
        }
    }
}

// A head that moved while its fields were known, and one that did before they came.
TEST(request_head, knows_what_repeats_wherever_it_lies) {
    const limits bounds;
    const std::string section = "Host: a\r\nX: y\r\n\r\n";
    const std::string first = "GET /first HTTP/1.1\r\n" + section;
    const std::string moved = first;
    const std::string second = "GET /2 HTTP/1.1\r\n" + section;
    request_head head;
    head_reader reader;
    ASSERT_EQ(reader.read(first, head, bounds), head_reader::state::complete);
    head.rebase(first.data(), moved.data());
    reader.restart();
    head.reset();
    const std::string part = second.substr(0, 9);
    ASSERT_EQ(reader.read(part, head, bounds), head_reader::state::start_line);
    ASSERT_EQ(reader.read(second, head, bounds), head_reader::state::complete);
    EXPECT_EQ(head.path(), "/2");
    EXPECT_EQ(head.host().data(), second.data() + second.find("a\r\n"));
    EXPECT_EQ(head.find("X")->data(), second.data() + second.find('y'));
}

TEST(request_head, follows_its_bytes_to_another_place) {
    const limits bounds;
    head_reader reader;
    request_head head;
    const std::string input = "GET http://b/c?d HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n";
    auto first = std::make_unique<std::string>(input);
    ASSERT_EQ(reader.read(*first, head, bounds), head_reader::state::complete);
    const std::string second = input;
    head.rebase(first->data(), second.data());
    first.reset();
    EXPECT_EQ(head.path(), "/c");
    EXPECT_EQ(head.query(), "d");
    EXPECT_EQ(head.host(), "b");
    EXPECT_EQ(head.find("X"), "y");
    EXPECT_EQ(head.find("X")->data(), second.data() + input.find('y'));
    head.reset();
    EXPECT_TRUE(head.fields().empty());
}

}  // namespace
}  // namespace weir::inline v0::http
