#include "weir/http/chunked_reader.hpp"

#include <string>

#include <gtest/gtest.h>

#include "conversation.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::string_literals;

std::string chunked(const std::string& body) {
    return "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
}

std::string read_body(const std::string& body, const limits& bounds = {}) {
    const std::string said = converse_at_every_split(chunked(body), bounds);
    return said.substr(said.find('\n') + 1);
}

TEST(chunked_reader, joins_chunks_of_any_size) {
    EXPECT_EQ(read_body("0\r\n\r\n"), "end\nclean\n");
    EXPECT_EQ(read_body("1\r\na\r\nA\r\n0123456789\r\n0000000000000002\r\n\r\n\r\n0\r\n\r\n"),
              "body a0123456789\r\n\nend\nclean\n");
}

// Row "chunk size over 16 hex digits, `0x`, `_`, sign, leading or trailing space, bare LF".
TEST(chunked_reader, takes_one_to_sixteen_hexadecimal_digits_as_a_size) {
    for (const auto* bad : {"00000000000000001", "0x1", "1_0", "+1", "-1", " 1", "1 ", "1\t", "",
                            "g", "1 ;a", "\"1\"", "1,"})
        EXPECT_EQ(verdict(chunked(bad + "\r\nx\r\n0\r\n\r\n"s)), "400 malformed_chunk_size") << bad;
    EXPECT_EQ(verdict(chunked("1\nx\r\n0\r\n\r\n")), "400 bare_line_feed");
    EXPECT_EQ(verdict(chunked("1\rx\r\n0\r\n\r\n")), "400 bare_carriage_return");
    EXPECT_EQ(verdict(chunked("\nx")), "400 bare_line_feed");
    EXPECT_EQ(verdict(chunked("1\r\nx\r\n0\n\r\n")), "400 bare_line_feed");
    EXPECT_EQ(verdict(chunked("ffffffffffffffff\r\n")), "413 body_too_large");
}

TEST(chunked_reader, demands_crlf_behind_the_data) {
    EXPECT_EQ(verdict(chunked("1\r\nxy\r\n0\r\n\r\n")), "400 malformed_chunk_end");
    EXPECT_EQ(verdict(chunked("1\r\nx\n0\r\n\r\n")), "400 malformed_chunk_end");
    EXPECT_EQ(verdict(chunked("1\r\nx\r0\r\n\r\n")), "400 malformed_chunk_end");
    EXPECT_EQ(verdict(chunked("2\r\nx\r\n0\r\n\r\n")), "400 malformed_chunk_end");
}

// Row "chunk extensions": "parsed and dropped, bounded per message; beyond it 400".
TEST(chunked_reader, drops_well_formed_extensions) {
    for (const auto* good : {";a", ";a=b", ";a=\"b\"", ";a=\"\"", ";a=\"\\\"\"", ";a;b=c",
                             "; a = b ; c", ";a=\"b;c\\\\\"", ";a=\"\t \x80\""})
        EXPECT_EQ(read_body("1"s + good + "\r\nx\r\n0" + good + "\r\n\r\n"), "body x\nend\nclean\n")
            << good;
    for (const auto* bad : {";", ";a=", ";=b", ";a=\"b", ";a=\"b\\\"", ";a b", ";a ", ";a;",
                            ";a=b=c", ";a=\"b\"c", "; ", ";a=\"\x7F\"", ";a=\"\\\x01\"", ";a=\"\\"})
        EXPECT_EQ(verdict(chunked("1"s + bad + "\r\nx\r\n0\r\n\r\n")),
                  "400 malformed_chunk_extension")
            << bad;
    EXPECT_EQ(verdict(chunked("1;a\nx\r\n0\r\n\r\n")), "400 bare_line_feed");
    EXPECT_EQ(verdict(chunked("1;a\rb\r\nx\r\n0\r\n\r\n")), "400 bare_carriage_return");
    EXPECT_EQ(verdict(chunked("1;a=\"\n\"\r\nx\r\n0\r\n\r\n")), "400 bare_line_feed");
}

TEST(chunked_reader, bounds_the_extensions_of_a_message) {
    limits bounds;
    bounds.max_chunk_extension_bytes = 8;
    EXPECT_EQ(read_body("1;abc\r\nx\r\n1;abc\r\ny\r\n0\r\n\r\n", bounds), "body xy\nend\nclean\n");
    EXPECT_EQ(verdict(chunked("1;abc\r\nx\r\n1;abc\r\ny\r\n0;\r\n\r\n"), bounds),
              "400 chunk_extensions_too_long");
    EXPECT_EQ(verdict(chunked("1;abcdefgh\r\nx\r\n0\r\n\r\n"), bounds),
              "400 chunk_extensions_too_long");
    EXPECT_EQ(verdict(chunked("1;abcdefghijklmnopqrstuvwxyz"), bounds),
              "400 chunk_extensions_too_long");
    EXPECT_EQ(verdict(chunked("1;" + std::string(5'000, 'a'))), "400 chunk_extensions_too_long");
    EXPECT_EQ(verdict(chunked("0000000000000001;abcdefg\r\nx\r\n0\r\n\r\n"), bounds), "read");
    EXPECT_EQ(verdict(chunked("1" + std::string(40, ' ')), bounds), "400 malformed_chunk_size");
}

// Row "trailers": "bounded, never merged into framing fields".
TEST(chunked_reader, hands_trailers_on_apart_and_lets_none_change_the_framing) {
    EXPECT_EQ(
        converse_at_every_split(
            chunked("1\r\nx\r\n0\r\nContent-Length: 5\r\nTransfer-Encoding: gzip\r\nHost: b\r\n"
                    "Connection: close\r\n\r\n") +
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        "head POST / HTTP/1.1 host=a fields=2 chunked\nbody x\n"
        "trailer Content-Length=5\ntrailer Transfer-Encoding=gzip\ntrailer Host=b\n"
        "trailer Connection=close\nend\n"
        "head GET / HTTP/1.1 host=a fields=1\nend\nclean\n");
    EXPECT_EQ(verdict(chunked("0\r\nA : b\r\n\r\n")), "400 space_before_colon");
    EXPECT_EQ(verdict(chunked("0\r\n A: b\r\n\r\n")), "400 space_before_field");
    EXPECT_EQ(verdict(chunked("0\r\nA: b\n\r\n")), "400 bare_line_feed");
    EXPECT_EQ(verdict(chunked("0\r\n\rX")), "400 bare_carriage_return");
    EXPECT_EQ(verdict(chunked("0\r\nA: \0b\r\n\r\n"s)), "400 malformed_field_value");
}

TEST(chunked_reader, bounds_the_trailers) {
    limits bounds;
    bounds.max_trailer_bytes = 14;
    EXPECT_EQ(verdict(chunked("0\r\nA: 012\r\nB: 4\r\n\r\n"), bounds), "read");
    EXPECT_EQ(verdict(chunked("0\r\nA: 0123\r\nB: 4\r\n\r\n"), bounds), "431 trailers_too_large");
    EXPECT_EQ(verdict(chunked("0\r\nA: " + std::string(9'000, 'b'))), "431 trailers_too_large");
}

// Row "body over the limit 413 before it is read, also inside chunked".
TEST(chunked_reader, refuses_the_chunk_that_would_pass_the_body_limit) {
    limits bounds;
    bounds.max_body_bytes = 4;
    EXPECT_EQ(read_body("3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n", bounds), "body abcd\nend\nclean\n");
    EXPECT_EQ(read_body("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", bounds),
              "body abc\nreject 413 body_too_large at 64\n");
    EXPECT_EQ(read_body("fffffffffffffffe\r\n", bounds), "reject 413 body_too_large at 56\n");
}

TEST(chunked_reader, reads_nothing_behind_the_end_until_it_is_restarted) {
    const limits bounds;
    chunked_reader reader;
    EXPECT_EQ(reader.read(as_bytes("0\r\n\r\n"), bounds).now, chunked_reader::state::complete);
    EXPECT_EQ(reader.read(as_bytes("1\r\nx"), bounds).consumed, 0U);
    reader.restart();
    EXPECT_EQ(reader.read(as_bytes("x\r\n"), bounds).why, violation::malformed_chunk_size);
    EXPECT_EQ(reader.read(as_bytes("1\r\nx"), bounds).consumed, 0U);
    EXPECT_EQ(reader.now(), chunked_reader::state::broken);
}

TEST(chunked_reader, starts_over_with_the_next_message) {
    limits bounds;
    bounds.max_body_bytes = 1;
    bounds.max_chunk_extension_bytes = 2;
    const std::string message = chunked("1;a\r\nx\r\n0\r\n\r\n");
    EXPECT_EQ(verdict(message + message + message, bounds), "read");
}

}  // namespace
}  // namespace weir::inline v0::http
