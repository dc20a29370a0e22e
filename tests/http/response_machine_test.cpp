#include "weir/http/response_machine.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "client_side.hpp"
#include "conversation_driver.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::string_literals;

std::string read(std::string_view input, std::vector<method> asked = {method::get},
                 const limits& bounds = {}) {
    return converse_at_every_split_in(input, [&] { return client_side{bounds, asked}; });
}

// What a response came to: "end", "premature", or the rejection without its place.
std::string outcome(std::string_view input) {
    const std::string said = read(input);
    const std::size_t rejection = said.find("reject ");
    if (rejection != std::string::npos)
        return said.substr(rejection + 7, said.rfind(" at ") - rejection - 7);
    return said.ends_with("premature\n") ? "premature" : "end";
}

std::string answer_with_field(const std::string& line) {
    return "HTTP/1.1 200 OK\r\n" + line + "\r\n\r\n";
}

TEST(response_machine, reads_a_response_with_a_body_of_known_length) {
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\n\r\nhello"),
              "head 200 HTTP/1.1 fields=2 length=5\nbody hello\nend\nclean\n");
    EXPECT_EQ(read("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
              "head 404 HTTP/1.1 fields=1 length=0\nend\nclean\n");
}

TEST(response_machine, reads_a_chunked_body) {
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nA: b\r\n\r\n"),
              "head 200 HTTP/1.1 fields=1 chunked\nbody hello world\ntrailer A=b\nend\nclean\n");
}

TEST(response_machine, reads_a_body_without_framing_to_the_end_of_the_stream) {
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\n\r\nuntil the end"),
              "head 200 HTTP/1.1 fields=0\nbody until the end\nend\nclean\n");
    EXPECT_EQ(read("HTTP/1.0 200 OK\r\n\r\n"), "head 200 HTTP/1.0 fields=0 close\nend\nclean\n");
}

TEST(response_machine, reads_no_body_where_there_is_none_whatever_the_fields_say) {
    for (const auto* line : {"Content-Length: 5", "Transfer-Encoding: chunked", "A: b"}) {
        const std::string fields = "\r\n"s + line + "\r\n\r\n";
        const std::string next = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        for (const auto* status : {"204 No Content", "304 Not Modified"})
            EXPECT_TRUE(read("HTTP/1.1 "s + status + fields + next, {method::get, method::get})
                            .ends_with("end\nhead 200 HTTP/1.1 fields=1 length=0\nend\nclean\n"));
        EXPECT_TRUE(read("HTTP/1.1 200 OK" + fields + next, {method::head, method::get})
                        .ends_with("end\nhead 200 HTTP/1.1 fields=1 length=0\nend\nclean\n"));
    }
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", {method::head}),
              "head 200 HTTP/1.1 fields=1 length=99999999999\nend\nclean\n");
}

TEST(response_machine, tells_interim_responses_before_the_one_that_counts) {
    EXPECT_EQ(read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"
                   "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
              "head 100 HTTP/1.1 fields=0\nhead 103 HTTP/1.1 fields=1\n"
              "head 200 HTTP/1.1 fields=1 length=2\nbody hi\nend\nclean\n");
    EXPECT_EQ(outcome("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
              "502 unrequested_response");
    EXPECT_EQ(read("HTTP/1.1 100 Continue\r\n\r\n"), "head 100 HTTP/1.1 fields=0\npremature\n");
}

TEST(response_machine, ends_http_with_the_101_that_was_asked_for) {
    const std::string text = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n";
    const std::string all = "HTTP/1.1 100 Continue\r\n\r\n" + text + "HTTP/1.1 no more";
    const limits bounds;
    response_machine machine{bounds};
    const auto head = std::make_unique<received_head>();
    machine.expect(method::get, true);
    bytes_view left = as_bytes(std::string_view{all});
    for (const auto expected : {status::continue_, status::switching_protocols}) {
        const action step = machine.next(left, *head);
        EXPECT_EQ(step.what, action::kind::head);
        EXPECT_EQ(head->status(), expected);
        left = left.subspan(step.consumed);
    }
    EXPECT_TRUE(machine.switched());
    EXPECT_EQ(as_text(left), "HTTP/1.1 no more");
    EXPECT_EQ(machine.next(left, *head).what, action::kind::closed);
    EXPECT_EQ(machine.end_of_stream(), response_machine::ending::clean);
}

TEST(response_machine, reads_responses_in_the_order_of_their_requests) {
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"
                   "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
                   "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb",
                   {method::get, method::head, method::post}),
              "head 200 HTTP/1.1 fields=1 length=1\nbody a\nend\n"
              "head 200 HTTP/1.1 fields=1 length=9\nend\n"
              "head 200 HTTP/1.1 fields=1 length=1\nbody b\nend\nclean\n");
}

TEST(response_machine, refuses_what_no_request_asked_for) {
    const std::string response = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    EXPECT_EQ(read(response + response),
              "head 200 HTTP/1.1 fields=1 length=0\nend\nreject 502 unrequested_response at 0\n");
    EXPECT_EQ(read("x", {}), "reject 502 unrequested_response at 0\n");
    EXPECT_EQ(read("", {}), "clean\n");
}

TEST(response_machine, reads_nothing_behind_the_last_response) {
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\nHTTP/1.1",
                   {method::get, method::get}),
              "head 200 HTTP/1.1 fields=2 length=0 close\nend\nclosed\n");
    EXPECT_EQ(read("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n"),
              "head 200 HTTP/1.0 fields=2 length=0\nend\nclean\n");
}

TEST(response_machine, refuses_status_lines_that_are_not_exactly_right) {
    const std::string rest = "\r\nContent-Length: 0\r\n\r\n";
    for (const auto* good :
         {"HTTP/1.1 200 ", "HTTP/1.1 599 What\tever \x80", "HTTP/1.2 200 OK", "HTTP/1.0 200 OK"})
        EXPECT_EQ(outcome(good + rest), "end") << good;
    for (const auto* bad :
         {"HTTP/1.1 200", "HTTP/1.1 20 OK", "HTTP/1.1 2000 OK", "HTTP/1.1  200 OK",
          "HTTP/1.1 2x0 OK", "HTTP/1.1 099 OK", "HTTP/1.1 600 OK", "http/1.1 200 OK",
          "HTTP/11 200 OK", "ICY 200 OK", "HTTP/1.1\t200 OK", " HTTP/1.1 200 OK",
          "HTTP/1.1 200 O\x01K", "HTTP/1.1 +20 OK", "H"})
        EXPECT_EQ(outcome(bad + rest), "502 malformed_status_line") << bad;
    EXPECT_EQ(outcome(rest), "502 malformed_status_line");
    EXPECT_EQ(outcome("HTTP/2.0 200 OK" + rest), "502 unknown_version");
    EXPECT_EQ(outcome("HTTP/1.1 200 OK\nA: b\r\n\r\n"), "502 bare_line_feed");
    EXPECT_EQ(outcome("HTTP/1.1 200 OK\rA: b\r\n\r\n"), "502 bare_carriage_return");
    EXPECT_EQ(outcome("HTTP/1.1 200 " + std::string(2000, 'a') + rest),
              "502 malformed_status_line");
    EXPECT_EQ(outcome("HTTP/1.1 200 " + std::string(1009, 'a') + rest), "end");
}

TEST(response_machine, refuses_framing_that_two_readers_could_see_differently) {
    EXPECT_EQ(outcome(answer_with_field("Content-Length: 1\r\nContent-Length: 1")),
              "502 repeated_content_length");
    EXPECT_EQ(outcome(answer_with_field("Content-Length: +1")), "502 malformed_content_length");
    EXPECT_EQ(outcome(answer_with_field("Content-Length: 1\r\nTransfer-Encoding: chunked")),
              "502 length_with_transfer_encoding");
    EXPECT_EQ(outcome(answer_with_field("Transfer-Encoding: gzip")), "502 unknown_transfer_coding");
    EXPECT_EQ(outcome(answer_with_field("Transfer-Encoding: chunked, gzip")),
              "502 malformed_transfer_encoding");
    EXPECT_EQ(outcome("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
              "502 transfer_encoding_in_http_1_0");
    EXPECT_EQ(outcome(answer_with_field("Transfer-Encoding: chunked") + "x\r\n"),
              "502 malformed_chunk_size");
    EXPECT_EQ(outcome(answer_with_field(" A: b")), "502 space_before_field");
}

TEST(response_machine, asks_a_server_for_nothing_that_only_clients_send) {
    EXPECT_EQ(outcome(answer_with_field(
                  "Host: not a host\r\nHost: b\r\nExpect: what\r\nContent-Length: 0")),
              "end");
}

TEST(response_machine, bounds_what_it_reads) {
    limits tight;
    tight.max_body_bytes = 4;
    tight.max_fields = 2;
    const auto said = [&](std::string_view input) { return read(input, {method::get}, tight); };
    EXPECT_EQ(said("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
              "reject 502 body_too_large at 38\n");
    EXPECT_TRUE(said("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
                    .ends_with("reject 502 body_too_large at 47\n"));
    EXPECT_TRUE(said("HTTP/1.1 200 OK\r\nA: b\r\nC: d\r\nE: f\r\n\r\n")
                    .ends_with("502 too_many_fields at 29\n"));
}

TEST(response_machine, bounds_a_body_that_only_the_end_of_the_stream_would_end) {
    limits tight;
    tight.max_body_bytes = 4;
    const auto said = [&](const std::string& body) {
        return read("HTTP/1.1 200 OK\r\n\r\n" + body, {method::get}, tight);
    };
    const std::string head = "head 200 HTTP/1.1 fields=0\n";
    EXPECT_EQ(said("hell"), head + "body hell\nend\nclean\n");
    EXPECT_EQ(said("hello"), head + "body hell\nreject 502 body_too_large at 23\n");
    EXPECT_EQ(said("hello world"), head + "body hell\nreject 502 body_too_large at 23\n");
    tight.max_body_bytes = 0;
    EXPECT_EQ(said(""), head + "end\nclean\n");
    EXPECT_EQ(said("h"), head + "reject 502 body_too_large at 19\n");
}

TEST(response_machine, tells_a_response_that_was_cut_off) {
    const std::string response = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    for (std::size_t size = 1; size < response.size(); ++size)
        EXPECT_EQ(outcome(response.substr(0, size)), "premature") << size;
    EXPECT_EQ(outcome(answer_with_field("Transfer-Encoding: chunked") + "5\r\nhello\r\n0\r\n"),
              "premature");
}

TEST(response_machine, looks_at_nothing_behind_a_rejection) {
    const limits bounds;
    response_machine machine{bounds};
    received_head head;
    machine.expect(method::get);
    EXPECT_EQ(machine.next(as_bytes("x"), head).what, action::kind::reject);
    EXPECT_EQ(machine.next(as_bytes("HTTP/1.1 200 OK\r\n\r\n"), head).what, action::kind::closed);
    EXPECT_FALSE(machine.persists());
}

}  // namespace
}  // namespace weir::inline v0::http
