#include "weir/http/response_head.hpp"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "weir/http/chunk_prefix.hpp"
#include "weir/http/date.hpp"
#include "weir/http/field_writer.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::string_literals;

std::string encode(const response_head& head) {
    std::string text(head.encode({}), '\0');
    const std::size_t size = head.encode({reinterpret_cast<std::byte*>(text.data()), text.size()});
    EXPECT_EQ(size, text.size());
    std::string roomy(text.size() + 1'000, '\0');
    EXPECT_EQ(head.encode({reinterpret_cast<std::byte*>(roomy.data()), roomy.size()}), size);
    EXPECT_EQ(roomy.substr(0, size), text) << "with more room than any head needs";
    return text;
}

TEST(response_head, writes_the_status_line_and_the_fields) {
    std::array<std::byte, 64> room;
    field_writer fields{room};
    ASSERT_TRUE(fields.add("Content-Type", "text/plain"));
    ASSERT_TRUE(fields.add("Location", "/a"));
    const date now{784111777};
    EXPECT_EQ(
        encode(response_head{status::created}.body_size(5).fields(fields.lines()).date(now.text())),
        "HTTP/1.1 201 Created\r\n"
        "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
        "Content-Length: 5\r\n"
        "Content-Type: text/plain\r\n"
        "Location: /a\r\n"
        "\r\n");
}

// What is usual is written on a way of its own: encode() compares it with the other.
TEST(response_head, is_the_same_on_the_usual_way) {
    const date now{784111777};
    for (const std::uint64_t size : {0U, 1U, 9U, 10U, 99U, 100U, 4'294'967'295U}) {
        const auto usual = response_head{status::ok}.body_size(size).date(now.text());
        const std::string begin =
            "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: " +
            std::to_string(size) + "\r\n";
        EXPECT_EQ(encode(usual), begin + "\r\n");
        EXPECT_EQ(encode(response_head{usual}.fields("A: b\r\n")), begin + "A: b\r\n\r\n");
        EXPECT_EQ(encode(response_head{usual}.keep_alive(false)),
                  begin + "Connection: close\r\n\r\n");
        EXPECT_EQ(encode(response_head{usual}.request_id("7")), begin + "X-Request-Id: 7\r\n\r\n");
        EXPECT_EQ(encode(response_head{usual}.answering(method::get, version::http_1_0)),
                  begin + "Connection: keep-alive\r\n\r\n");
        EXPECT_NE(encode(response_head{usual}.upgrade("echo")).find("Upgrade: echo\r\n"),
                  std::string::npos);
    }
    EXPECT_NE(encode(response_head{status::ok}.date(now.text())).find("Transfer-Encoding: chunked"),
              std::string::npos);
}

TEST(response_head, says_how_much_room_it_needs_and_writes_nothing_beyond_it) {
    const auto head = response_head{status::ok}.body_size(1'234'567);
    const std::size_t needed = head.encode({});
    for (std::size_t size = 0; size <= needed; ++size) {
        std::string room(needed, '#');
        EXPECT_EQ(head.encode({reinterpret_cast<std::byte*>(room.data()), size}), needed);
        EXPECT_EQ(room.find_first_not_of('#', size), std::string::npos);
    }
}

// Row "HEAD, 204, 304": no body, and the right length fields.
TEST(response_head, tells_head_the_length_that_get_would_get) {
    const auto known =
        response_head{status::ok}.answering(method::head, version::http_1_1).body_size(7);
    EXPECT_EQ(encode(known), "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n");
    EXPECT_FALSE(known.has_body());
    EXPECT_FALSE(response_head{status::ok}.body_size(7).chunked());
    const auto unknown = response_head{status::ok}.answering(method::head, version::http_1_1);
    EXPECT_EQ(encode(unknown), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    EXPECT_FALSE(unknown.has_body());
    EXPECT_FALSE(unknown.chunked());
}

TEST(response_head, sends_no_length_with_204_and_no_body_with_304) {
    const auto none = response_head{status::no_content}.body_size(0);
    EXPECT_EQ(encode(none), "HTTP/1.1 204 No Content\r\n\r\n");
    EXPECT_FALSE(response_head{status::no_content}.has_body());
    EXPECT_EQ(encode(response_head{status::no_content}), "HTTP/1.1 204 No Content\r\n\r\n");
    const auto same = response_head{status::not_modified}.body_size(7);
    EXPECT_EQ(encode(same), "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n");
    EXPECT_FALSE(same.has_body());
    EXPECT_EQ(encode(response_head{status::not_modified}), "HTTP/1.1 304 Not Modified\r\n\r\n");
    EXPECT_EQ(encode(response_head{status::continue_}.body_size(0).date("x").keep_alive(false)),
              continue_response);
}

TEST(response_head, sends_a_body_of_unknown_size_in_chunks) {
    const response_head head{status::ok};
    EXPECT_EQ(encode(head), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    EXPECT_TRUE(head.has_body());
    EXPECT_TRUE(head.chunked());
    EXPECT_FALSE(head.closes());
}

TEST(response_head, sends_http_1_0_no_chunks_but_closes) {
    const auto head = response_head{status::ok}.answering(method::get, version::http_1_0);
    EXPECT_EQ(encode(head), "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(head.has_body());
    EXPECT_FALSE(head.chunked());
    EXPECT_TRUE(head.closes());
}

TEST(response_head, tells_the_peer_whether_the_connection_goes_on) {
    const auto answer = [](version spoken, bool persists) {
        return encode(response_head{status::ok}
                          .answering(method::get, spoken)
                          .body_size(0)
                          .keep_alive(persists));
    };
    const std::string start = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n";
    EXPECT_EQ(answer(version::http_1_1, true), start + "\r\n");
    EXPECT_EQ(answer(version::http_1_1, false), start + "Connection: close\r\n\r\n");
    EXPECT_EQ(answer(version::http_1_0, true), start + "Connection: keep-alive\r\n\r\n");
    EXPECT_EQ(answer(version::http_1_0, false), start + "Connection: close\r\n\r\n");
}

// Row "Upgrade": an interim response has neither a date nor an id.
TEST(response_head, tells_an_upgrade_and_an_id) {
    const date now{784111777};
    const auto answer = [&](status told) {
        return encode(response_head{told}
                          .body_size(0)
                          .date(now.text())
                          .request_id("7")
                          .upgrade("mirror")
                          .keep_alive(false));
    };
    EXPECT_EQ(answer(status::switching_protocols),
              "HTTP/1.1 101 Switching Protocols\r\n"
              "Connection: Upgrade\r\n"
              "Upgrade: mirror\r\n"
              "\r\n");
    EXPECT_EQ(answer(status::upgrade_required),
              "HTTP/1.1 426 Upgrade Required\r\n"
              "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
              "Content-Length: 0\r\n"
              "Connection: Upgrade\r\n"
              "Upgrade: mirror\r\n"
              "Connection: close\r\n"
              "X-Request-Id: 7\r\n"
              "\r\n");
}

// Row "handler sets CR, LF or NUL in a field".
TEST(field_writer, refuses_what_would_split_the_response_and_keeps_what_it_has) {
    std::array<std::byte, 64> room;
    field_writer fields{room};
    ASSERT_TRUE(fields.add("A", "b"));
    for (const auto& value : {"x\r\nSet-Cookie: y"s, "x\ny"s, "x\ry"s, "x\0y"s})
        EXPECT_EQ(fields.add("X", value).error(), errc::invalid_argument);
    EXPECT_EQ(fields.add("X\r\nY", "z").error(), errc::invalid_argument);
    EXPECT_EQ(fields.lines(), "A: b\r\n");
}

TEST(field_writer, leaves_framing_to_the_connection) {
    std::array<std::byte, 64> room;
    field_writer fields{room};
    for (const auto* name :
         {"Content-Length", "transfer-encoding", "CONNECTION", "Date", "Keep-Alive", "Upgrade"})
        EXPECT_EQ(fields.add(name, "1").error(), errc::invalid_argument) << name;
    EXPECT_EQ(fields.size(), 0U);
}

TEST(field_writer, says_when_its_room_is_used_up_and_goes_on_in_a_larger_one) {
    std::array<std::byte, 12> small;
    field_writer first{small};
    ASSERT_TRUE(first.add("A", "b"));
    EXPECT_TRUE(first.add("C", "d"));
    EXPECT_EQ(first.add("E", "f").error(), errc::too_large);
    std::array<std::byte, 32> large;
    std::copy_n(small.begin(), first.size(), large.begin());
    field_writer second{large, first.size()};
    EXPECT_TRUE(second.add("E", "f"));
    EXPECT_EQ(second.lines(), "A: b\r\nC: d\r\nE: f\r\n");
}

TEST(chunk_prefix, is_the_size_in_hexadecimal_digits) {
    EXPECT_EQ(chunk_prefix{1}.text(), "1\r\n");
    EXPECT_EQ(chunk_prefix{255}.text(), "ff\r\n");
    EXPECT_EQ(chunk_prefix{4096}.text(), "1000\r\n");
    EXPECT_EQ(chunk_prefix{UINT64_MAX}.text(), "ffffffffffffffff\r\n");
}

}  // namespace
}  // namespace weir::inline v0::http
