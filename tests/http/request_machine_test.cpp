#include "weir/http/request_machine.hpp"

#include <string>

#include <gtest/gtest.h>

#include "conversation.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::string_literals;

TEST(request_machine, reads_a_request_without_a_body) {
    EXPECT_EQ(converse_at_every_split("GET /a?b=c HTTP/1.1\r\nHost: example.org\r\nX: y\r\n\r\n"),
              "head GET /a?b=c HTTP/1.1 host=example.org fields=2\n"
              "end\n"
              "clean\n");
}

TEST(request_machine, reads_a_body_of_known_length) {
    EXPECT_EQ(
        converse_at_every_split("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"),
        "head POST / HTTP/1.1 host=a fields=2 length=5\n"
        "body hello\n"
        "end\n"
        "clean\n");
}

TEST(request_machine, reads_a_body_of_length_zero) {
    EXPECT_EQ(converse_at_every_split("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"),
              "head POST / HTTP/1.1 host=a fields=2 length=0\n"
              "end\n"
              "clean\n");
}

TEST(request_machine, reads_a_chunked_body) {
    EXPECT_EQ(converse_at_every_split("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                                      "Chunked\r\n\r\n5\r\nhello\r\n06\r\n world\r\n0\r\n\r\n"),
              "head POST / HTTP/1.1 host=a fields=2 chunked\n"
              "body hello world\n"
              "end\n"
              "clean\n");
}

// Row "pipelined requests".
TEST(request_machine, reads_pipelined_requests_in_order) {
    EXPECT_EQ(converse_at_every_split("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
                                      "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"
                                      "PUT /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                                      "chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"
                                      "DELETE /4 HTTP/1.1\r\nHost: a\r\n\r\n"),
              "head GET /1 HTTP/1.1 host=a fields=1\nend\n"
              "head POST /2 HTTP/1.1 host=a fields=2 length=2\nbody hi\nend\n"
              "head PUT /3 HTTP/1.1 host=a fields=2 chunked\nbody x\nend\n"
              "head DELETE /4 HTTP/1.1 host=a fields=1\nend\n"
              "clean\n");
}

TEST(request_machine, reads_nothing_behind_a_switch_of_protocols) {
    for (const bool last : {false, true}) {
        const limits bounds;
        request_machine machine{bounds};
        request_head head;
        const std::string text = "GET / HTTP/1.1\r\nHost: a\r\n"s +
                                 (last ? "Connection: close, upgrade\r\n\r\n" : "\r\n");
        const bytes_view input = as_bytes(std::string_view{text});
        EXPECT_EQ(machine.next(input, head).consumed, input.size());
        EXPECT_EQ(machine.next({}, head).what, action::kind::end);
        // A driver may have looked for another request already.
        EXPECT_EQ(machine.next({}, head).what,
                  last ? action::kind::closed : action::kind::need_more);
        machine.switch_protocols();
        const action behind = machine.next(input, head);
        EXPECT_EQ(behind.what, action::kind::closed);
        EXPECT_EQ(behind.consumed, 0U);
    }
}

// Row "leading empty line before a request line".
TEST(request_machine, ignores_one_empty_line_before_each_request) {
    const std::string request = "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n";
    EXPECT_EQ(converse_at_every_split(request + request),
              "head GET / HTTP/1.1 host=a fields=1\nend\n"
              "head GET / HTTP/1.1 host=a fields=1\nend\n"
              "clean\n");
    EXPECT_EQ(converse_at_every_split("\r\n"), "clean\n");
    EXPECT_EQ(converse_at_every_split("\r\n\r\n" + request), "reject 400 second_empty_line at 2\n");
    EXPECT_EQ(verdict("\n" + request), "400 bare_line_feed");
    EXPECT_EQ(verdict("\rX" + request), "400 bare_carriage_return");
    EXPECT_EQ(verdict("\r\n\n" + request), "400 bare_line_feed");
}

TEST(request_machine, counts_a_rejections_offset_from_the_messages_first_byte) {
    const std::string good = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const std::string bad = "GET / HTTP/1.1\r\nHost: a\r\nA b: c\r\n\r\n";
    const std::string head = "head GET / HTTP/1.1 host=a fields=1\nend\n";
    EXPECT_EQ(converse_at_every_split(good + bad), head + "reject 400 space_before_colon at 26\n");
    EXPECT_EQ(converse_at_every_split(good + "\r\n" + bad),
              head + "reject 400 space_before_colon at 28\n");
    EXPECT_EQ(converse_at_every_split(
                  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n"),
              "head POST / HTTP/1.1 host=a fields=2 chunked\nbody abc\n"
              "reject 400 malformed_chunk_end at 62\n");
}

TEST(request_machine, looks_at_nothing_behind_a_rejection) {
    const limits bounds;
    request_machine machine{bounds};
    request_head head;
    EXPECT_EQ(machine.next(as_bytes(" "), head).what, action::kind::reject);
    const auto more = machine.next(as_bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), head);
    EXPECT_EQ(more.what, action::kind::closed);
    EXPECT_EQ(more.consumed, 0U);
    EXPECT_FALSE(machine.persists());
    EXPECT_EQ(machine.end_of_stream(), request_machine::ending::clean);
    EXPECT_EQ(machine.now(), request_machine::state::closed);
}

// RFC 9112 section 9.6: nothing is read behind a request that asks to close.
TEST(request_machine, reads_no_further_request_when_the_peer_asked_to_close) {
    EXPECT_EQ(converse_at_every_split("GET /1 HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n"
                                      "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n"),
              "head GET /1 HTTP/1.1 host=a fields=2 close\nend\nclosed\n");
    EXPECT_EQ(converse_at_every_split("GET /1 HTTP/1.0\r\n\r\nGET /2 HTTP/1.0\r\n\r\n"),
              "head GET /1 HTTP/1.0 host= fields=0 close\nend\nclosed\n");
}

TEST(request_machine, keeps_an_http_1_0_connection_that_asks_for_it) {
    const std::string request = "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n";
    EXPECT_EQ(converse_at_every_split(request + request),
              "head GET / HTTP/1.0 host= fields=1\nend\n"
              "head GET / HTTP/1.0 host= fields=1\nend\n"
              "clean\n");
    EXPECT_EQ(converse_at_every_split("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n"),
              "head GET / HTTP/1.0 host= fields=1 close\nend\nclosed\n");
}

// Row "end of stream inside a message".
TEST(request_machine, tells_a_premature_end_from_a_half_close) {
    const std::string whole = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    for (std::size_t size = 1; size < whole.size(); ++size)
        EXPECT_EQ(verdict(whole.substr(0, size)), "premature") << size;
    EXPECT_EQ(verdict(whole), "read");
    EXPECT_EQ(converse_at_every_split(""), "clean\n");
    const std::string chunked =
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nA: "
        "b\r\n\r\n";
    for (std::size_t size = 1; size < chunked.size(); ++size)
        EXPECT_EQ(verdict(chunked.substr(0, size)), "premature") << size;
    EXPECT_EQ(verdict(chunked), "read");
}

TEST(request_machine, still_tells_the_end_of_a_request_that_was_complete_at_a_half_close) {
    const limits bounds;
    request_machine machine{bounds};
    request_head head;
    EXPECT_EQ(machine.next(as_bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), head).what,
              action::kind::head);
    EXPECT_EQ(machine.end_of_stream(), request_machine::ending::clean);
    EXPECT_FALSE(machine.persists());
    EXPECT_EQ(machine.next({}, head).what, action::kind::end);
    EXPECT_EQ(machine.next({}, head).what, action::kind::closed);
}

TEST(request_machine, makes_the_request_at_hand_or_else_the_next_the_last_one) {
    const limits bounds;
    request_machine machine{bounds};
    request_head head;
    EXPECT_TRUE(machine.idle());
    machine.close_after_this();
    EXPECT_FALSE(machine.persists());
    EXPECT_EQ(machine.next(as_bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), head).what,
              action::kind::head);
    EXPECT_TRUE(head.keep_alive());
    EXPECT_EQ(machine.next({}, head).what, action::kind::end);
    EXPECT_EQ(machine.next(as_bytes("GET"), head).what, action::kind::closed);
    EXPECT_FALSE(machine.idle());
}

TEST(request_machine, counts_the_body_that_was_handed_on) {
    const limits bounds;
    request_machine machine{bounds};
    request_head head;
    EXPECT_EQ(
        machine.next(as_bytes("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n"), head)
            .what,
        action::kind::head);
    EXPECT_EQ(machine.next(as_bytes("abc"), head).consumed, 3U);
    EXPECT_EQ(machine.body_received(), 3U);
    EXPECT_EQ(machine.next(as_bytes("dGET"), head).consumed, 1U);
    EXPECT_EQ(machine.next(as_bytes("GET"), head).what, action::kind::end);
    EXPECT_EQ(machine.body_received(), 0U);
    EXPECT_TRUE(machine.idle());
}

// Row "Content-Length with Transfer-Encoding" and those below it: the framing of a body.
TEST(request_machine, refuses_a_length_next_to_a_transfer_encoding) {
    const std::string start = "POST / HTTP/1.1\r\nHost: a\r\n";
    const std::string length = "Content-Length: 5\r\n";
    const std::string coding = "Transfer-Encoding: chunked\r\n";
    EXPECT_EQ(verdict(start + length + coding + "\r\n"), "400 length_with_transfer_encoding");
    EXPECT_EQ(verdict(start + coding + length + "\r\n"), "400 length_with_transfer_encoding");
    EXPECT_EQ(verdict(start + length + "Transfer-Encoding: gzip\r\n\r\n"),
              "400 length_with_transfer_encoding");
}

std::string post_with_field(const std::string& line) {
    return "POST / HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n";
}

// Row "Transfer-Encoding in HTTP/1.0; chunked not last; `chunked, chunked`; `xchunked`".
TEST(request_machine, refuses_transfer_encodings_that_two_readers_could_take_differently) {
    EXPECT_EQ(verdict("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
              "400 transfer_encoding_in_http_1_0");
    for (const auto* value :
         {"chunked, gzip", "chunked, chunked", "xchunked", "chunkedx", "\"chunked\"", "chunked;a=b",
          "chunked chunked", "", ",chunked", "chunked,", "gzip,,chunked", "x\x80, chunked",
          "chunked\r\nTransfer-Encoding: chunked", "chunked\r\nTransfer-Encoding: gzip"})
        EXPECT_EQ(verdict(post_with_field("Transfer-Encoding: "s + value)),
                  "400 malformed_transfer_encoding")
            << value;
}

// Row "unknown transfer coding".
TEST(request_machine, does_not_implement_other_transfer_codings) {
    for (const auto* value : {"gzip, chunked", "gzip", "identity", "br;q=1, chunked",
                              "gzip\r\nTransfer-Encoding: chunked"})
        EXPECT_EQ(verdict(post_with_field("Transfer-Encoding: "s + value)),
                  "501 unknown_transfer_coding")
            << value;
}

// Row "Content-Length differing, identical duplicates, `5,6`, `+5`, `-1`, `0x5`, empty, above
// 2^63-1".
TEST(request_machine, takes_one_decimal_content_length_and_nothing_else) {
    for (const auto* value :
         {"5,6", "5, 5", "+5", "-1", "0x5", "", "5 5", "5a",
          "\x80"
          "5",
          "9223372036854775808", "99999999999999999999", "18446744073709551621"})
        EXPECT_EQ(verdict(post_with_field("Content-Length: "s + value)),
                  "400 malformed_content_length")
            << value;
    EXPECT_EQ(verdict(post_with_field("Content-Length: 5\r\nContent-Length: 6")),
              "400 repeated_content_length");
    EXPECT_EQ(verdict(post_with_field("Content-Length: 5\r\ncontent-length: 5")),
              "400 repeated_content_length");
    EXPECT_EQ(verdict(post_with_field("Content-Length: \t003\t ") + "abc"), "read");
    limits bounds;
    bounds.max_body_bytes = UINT64_MAX;
    EXPECT_EQ(verdict(post_with_field("Content-Length: 9223372036854775807"), bounds), "premature");
}

// Row "target over 8,000 octets 414; ...; body over the limit 413 before it is read".
TEST(request_machine, refuses_a_body_over_the_limit_before_it_is_read) {
    limits bounds;
    bounds.max_body_bytes = 4;
    EXPECT_EQ(verdict(post_with_field("Content-Length: 4") + "abcd", bounds), "read");
    EXPECT_EQ(converse_at_every_split(post_with_field("Content-Length: 5"), bounds),
              "reject 413 body_too_large at 47\n");
    EXPECT_EQ(verdict(post_with_field("Content-Length: 5\r\nExpect: 100-continue"), bounds),
              "413 body_too_large");
}

// Whole, and cut everywhere in its last part: at every split a mebibyte would take minutes.
std::string converse_at_last_splits(std::string_view first, std::string_view last) {
    const std::string input = std::string{first} + std::string{last};
    const std::string whole = converse({input});
    for (std::size_t at = 0; at < last.size(); ++at)
        EXPECT_TRUE(converse({first, last.substr(0, at), last.substr(at)}) == whole) << at;
    return whole;
}

// DESIGN.md's default is 1 MiB, and no byte more.
TEST(request_machine, takes_a_body_of_a_mebibyte_where_nothing_else_is_said) {
    EXPECT_EQ(verdict(post_with_field("Content-Length: 1048576")), "premature");
    EXPECT_EQ(verdict(post_with_field("Content-Length: 1048577")), "413 body_too_large");
    const std::string chunked = post_with_field("Transfer-Encoding: chunked");
    EXPECT_EQ(verdict(chunked + "100000\r\n"), "premature");
    EXPECT_EQ(verdict(chunked + "100001\r\n"), "413 body_too_large");
    const std::string most = chunked + "FFFFF\r\n" + std::string(0xFFFFF, 'x');
    EXPECT_TRUE(
        converse_at_last_splits(most, "\r\n1\r\nx\r\n0\r\n\r\n").ends_with("x\nend\nclean\n"));
    EXPECT_TRUE(converse_at_last_splits(most, "\r\n2\r\nxx\r\n0\r\n\r\n")
                    .ends_with("x\nreject 413 body_too_large at 1048640\n"));
}

// A driver knows what may be read when it knows whom the request is for.
TEST(request_machine, reads_a_body_within_the_limits_of_its_own_request) {
    limits bounds;
    limits own;
    own.max_body_bytes = 4;
    request_machine machine{bounds};
    request_head head;
    const std::string chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    const auto read_head = [&](std::string_view text) {
        const action step = machine.next(as_bytes(text), head);
        EXPECT_EQ(step.what, action::kind::head);
    };
    read_head("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n");
    EXPECT_TRUE(machine.limit_body(own));
    EXPECT_EQ(machine.next(as_bytes("abcd"), head).what, action::kind::body);
    EXPECT_EQ(machine.next({}, head).what, action::kind::end);
    read_head(chunked);
    EXPECT_EQ(machine.next(as_bytes("5\r\nabcde"), head).what, action::kind::body)
        << "a limit is its request's alone";
    EXPECT_EQ(machine.next(as_bytes("\r\n0\r\n\r\n"), head).what, action::kind::end);
    read_head(chunked);
    EXPECT_TRUE(machine.limit_body(own));
    EXPECT_EQ(machine.next(as_bytes("5\r\nabcde"), head).why, violation::body_too_large);
    machine = request_machine{bounds};
    read_head("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
    EXPECT_FALSE(machine.limit_body(own));
}

// Row "Expect: 100-continue".
TEST(request_machine, tells_that_the_peer_waits_for_a_100_and_meets_no_other_expectation) {
    EXPECT_EQ(
        converse_at_every_split(post_with_field("Content-Length: 1\r\nExpect: 100-Continue") + "x"),
        "head POST / HTTP/1.1 host=a fields=3 length=1 expects-continue\nbody x\nend\nclean\n");
    EXPECT_EQ(converse_at_every_split(post_with_field("Expect: 100-continue")),
              "head POST / HTTP/1.1 host=a fields=2\nend\nclean\n");
    EXPECT_EQ(converse_at_every_split(
                  "POST / HTTP/1.0\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\nx"),
              "head POST / HTTP/1.0 host= fields=2 length=1 close\nbody x\nend\nclosed\n");
    EXPECT_EQ(verdict(post_with_field("Expect: 200-ok")), "417 unknown_expectation");
    EXPECT_EQ(verdict(post_with_field("Expect: 100-continue, x")), "417 unknown_expectation");
    EXPECT_EQ(converse_at_every_split(
                  post_with_field("Content-Length: 1\r\nExpect: ,100-continue, 100-continue")),
              "head POST / HTTP/1.1 host=a fields=3 length=1 expects-continue\npremature\n");
    EXPECT_EQ(verdict(post_with_field("Expect:")), "read");
}

// Row "Upgrade".
TEST(request_machine, goes_on_with_http_behind_an_upgrade_that_was_not_answered) {
    EXPECT_EQ(converse_at_every_split(
                  post_with_field("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c") +
                  "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n"),
              "head POST / HTTP/1.1 host=a fields=3\nend\n"
              "head GET /2 HTTP/1.1 host=a fields=1\nend\nclean\n");
}

// Row "HEAD, 204, 304": the request's part.
TEST(request_machine, hands_on_head_as_its_own_method) {
    EXPECT_EQ(converse_at_every_split("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"),
              "head HEAD / HTTP/1.1 host=a fields=1\nend\nclean\n");
}

// Between two requests its machine is put away, and another goes on where it was.
TEST(request_machine, remembers_the_empty_line_that_came_before_a_pause) {
    const limits bounds;
    request_head head;
    request_machine before{bounds};
    EXPECT_EQ(before.next(as_bytes("\r\n"), head).consumed, 2U);
    ASSERT_TRUE(before.idle());
    request_machine behind{bounds, before.rest()};
    const action refused = behind.next(as_bytes("\r\n"), head);
    EXPECT_EQ(refused.why, violation::second_empty_line);
    EXPECT_EQ(refused.offset, 2U);
    request_machine going_on{bounds, before.rest()};
    EXPECT_EQ(going_on.next(as_bytes("GET / HTTP/1.1\r\n\r\n"), head).offset, 2U + 18U);
}

}  // namespace
}  // namespace weir::inline v0::http
