// Heads of requests as they are sent.
#include "weir/http/sent_head.hpp"

#include <string>

#include <gtest/gtest.h>

#include "weir/http/request_head.hpp"
#include "weir/http/request_machine.hpp"

namespace weir::inline v0::http {
namespace {

std::string encoded(const sent_head& head) {
    std::string text(head.encode({}), '?');
    EXPECT_EQ(head.encode(std::as_writable_bytes(std::span{text})), text.size());
    return text;
}

TEST(sent_head_test, says_how_long_a_body_is_or_that_it_comes_in_chunks) {
    const std::string host = "Host: h:8\r\n";
    sent_head get{method::get, "/a?b"};
    get.host("h:8");
    EXPECT_TRUE(get.chunked());
    EXPECT_EQ(encoded(get), "GET /a?b HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n");
    get.body_size(0).expect_continue(true);
    EXPECT_FALSE(get.has_body());
    EXPECT_FALSE(get.expects_continue());
    EXPECT_EQ(encoded(get), "GET /a?b HTTP/1.1\r\n" + host + "\r\n");
    sent_head put{method::put, "/"};
    put.host("h:8").body_size(0);
    EXPECT_EQ(encoded(put), "PUT / HTTP/1.1\r\n" + host + "Content-Length: 0\r\n\r\n");
    put.body_size(18'446'744'073'709'551'615U).fields("A: b\r\n").expect_continue(true);
    EXPECT_EQ(encoded(put), "PUT / HTTP/1.1\r\n" + host +
                                "Content-Length: 18446744073709551615\r\n"
                                "Expect: 100-continue\r\nA: b\r\n\r\n");
}

TEST(sent_head_test, asks_for_another_protocol) {
    sent_head head{method::get, "/chat"};
    head.host("h").body_size(0).switch_to("websocket").fields("A: b\r\n");
    EXPECT_EQ(encoded(head),
              "GET /chat HTTP/1.1\r\nHost: h\r\n"
              "Connection: Upgrade\r\nUpgrade: websocket\r\nA: b\r\n\r\n");
}

TEST(sent_head_test, writes_nothing_where_there_is_no_room) {
    sent_head head{method::get, "/"};
    head.host("h").body_size(0);
    const std::size_t needed = head.encode({});
    std::string text(needed - 1, '?');
    EXPECT_EQ(head.encode(std::as_writable_bytes(std::span{text})), needed);
    EXPECT_EQ(text, std::string(needed - 1, '?'));
}

TEST(sent_head_test, is_what_a_server_reads) {
    for (const method asked : {method::get, method::head, method::post, method::put,
                               method::delete_, method::options, method::trace, method::patch}) {
        sent_head head{asked, "/x/y%20z?q=1"};
        head.host("[::1]:8080").fields("X: y\r\n").body_size(3);
        const std::string text = encoded(head);
        const limits bounds;
        request_machine machine{bounds};
        request_head read;
        const action step = machine.next(as_bytes(text), read);
        ASSERT_EQ(step.what, action::kind::head) << text;
        EXPECT_EQ(step.consumed, text.size());
        EXPECT_EQ(read.method(), asked);
        EXPECT_EQ(read.path(), "/x/y%20z");
        EXPECT_EQ(read.host(), "[::1]:8080");
        EXPECT_EQ(read.find("x"), "y");
        EXPECT_EQ(read.content_length(), 3U);
    }
}

TEST(sent_head_test, names_a_path_or_the_asterisk_of_options) {
    EXPECT_TRUE(check_target(method::get, "/").has_value());
    EXPECT_TRUE(check_target(method::get, "/a/../b;c?d=%zz&e").has_value());
    EXPECT_TRUE(check_target(method::options, "*").has_value());
    for (const std::string_view target :
         {"", "a", "*", "?a", "http://h/", "/a b", "/a\tb", "/a\r\n", "/\x7f", "/\xff", "/#"})
        EXPECT_EQ(check_target(method::get, target).error(), errc::invalid_argument) << target;
    EXPECT_EQ(check_target(method::connect, "h:1").error(), errc::unsupported);
}

}  // namespace
}  // namespace weir::inline v0::http
