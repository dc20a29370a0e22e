#include "app/load/http_script.hpp"

#include <string>

#include <gtest/gtest.h>

namespace weir::app {
namespace {

using namespace std::string_literals;

http_request_words words(std::string url) {
    http_request_words made;
    made.url = std::move(url);
    return made;
}

std::string bytes_of(const http_request_words& said) {
    const auto made = http_script::read(said);
    return made ? std::string{(*made)->bytes()} : "refused: " + made.error().message();
}

bool refused(const http_request_words& said) { return !http_script::read(said).has_value(); }

TEST(http_script, writes_what_was_asked_for) {
    EXPECT_EQ(bytes_of(words("http://127.0.0.1:8080/a?b=c")),
              "GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n");
    EXPECT_EQ(bytes_of(words("http://[::1]:80")), "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n");
    EXPECT_EQ(bytes_of(words("http://127.0.0.1?x")), "GET /?x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    auto post = words("http://localhost:1/");
    post.fields = {"Content-Type: application/json", "host:  here "};
    post.body = "{}";
    EXPECT_EQ(bytes_of(post),
              "POST / HTTP/1.1\r\nContent-Type: application/json\r\nhost: here\r\n"
              "Content-Length: 2\r\n\r\n{}");
    post.method = "PUT";
    EXPECT_TRUE(bytes_of(post).starts_with("PUT "));
}

TEST(http_script, refuses_what_makes_no_request) {
    for (const auto* url :
         {"127.0.0.1:80", "https://127.0.0.1/", "http://example.org/", "http://127.0.0.1:x/",
          "http://127.0.0.1:80/a b", "http:///", "http://127.0.0.1/#a"})
        EXPECT_TRUE(refused(words(url))) << url;
    for (const auto* method : {"get", "CONNECT", "G T"}) {
        auto odd = words("http://127.0.0.1/");
        odd.method = method;
        EXPECT_TRUE(refused(odd)) << method;
    }
    for (const auto* field : {"A", "A b: c", "A: b\r\nC: d", "Content-Length: 1", ": a",
                              "transfer-encoding: chunked"}) {
        auto odd = words("http://127.0.0.1/");
        odd.fields = {field};
        EXPECT_TRUE(refused(odd)) << field;
    }
}

class http_dialogue_test : public testing::Test {
protected:
    void begin(std::size_t depth) { dialogue_ = script_->begin(depth); }
    // All that is read of the text, in words.
    std::string read(std::string_view text) {
        std::string said;
        for (;;) {
            const heard found = dialogue_->read(as_bytes(text));
            text.remove_prefix(found.consumed);
            if (found.what == heard::kind::answered) {
                said += std::to_string(found.place) + "(" + std::to_string(found.bytes) + ") ";
                if (!found.refusal.empty()) (said += found.refusal) += ' ';
            }
            if (found.what == heard::kind::malformed) return said + "malformed";
            if (found.what == heard::kind::need_more || text.empty()) return said;
        }
    }

    std::unique_ptr<http_script> script_ = http_script::read(words("http://127.0.0.1:80/")).value();
    std::unique_ptr<dialogue> dialogue_;
    const std::string answer_ = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    const std::string size_ = "(" + std::to_string(answer_.size()) + ") ";
};

TEST_F(http_dialogue_test, names_answers_in_the_order_of_their_requests) {
    begin(2);
    EXPECT_EQ(dialogue_->next().place, 0U);
    EXPECT_EQ(dialogue_->next().place, 1U);
    EXPECT_EQ(read(answer_ + answer_), "0" + size_ + "1" + size_);
    EXPECT_EQ(dialogue_->next().place, 0U);
    EXPECT_EQ(read(answer_), "0" + size_);
    EXPECT_TRUE(dialogue_->goes_on());
}

TEST_F(http_dialogue_test, counts_an_answers_bytes_however_it_is_cut) {
    for (std::size_t at = 1; at < answer_.size(); ++at) {
        begin(1);
        (void)dialogue_->next();
        std::string pending = answer_.substr(0, at);
        std::size_t consumed = 0;
        for (heard found = dialogue_->read(as_bytes(pending)); found.what == heard::kind::progress;
             found = dialogue_->read(as_bytes(pending).subspan(consumed)))
            consumed += found.consumed;
        EXPECT_EQ(read(answer_.substr(consumed)), "0" + size_) << at;
    }
}

TEST_F(http_dialogue_test, takes_4xx_and_5xx_for_errors) {
    begin(1);
    for (const auto* code : {"200", "204", "304"}) {
        (void)dialogue_->next();
        EXPECT_FALSE(
            read("HTTP/1.1 "s + code + " \r\nContent-Length: 0\r\n\r\n").contains("status"));
    }
    (void)dialogue_->next();
    EXPECT_TRUE(read("HTTP/1.1 503 \r\nContent-Length: 0\r\n\r\n").ends_with("status 503 "));
}

TEST_F(http_dialogue_test, ends_where_the_peer_says_so_or_breaks_the_protocol) {
    begin(1);
    (void)dialogue_->next();
    (void)read("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    EXPECT_FALSE(dialogue_->goes_on());
    begin(1);
    (void)dialogue_->next();
    EXPECT_EQ(read("HTTP/1.1 200 OK\n"), "malformed");
    begin(1);
    EXPECT_EQ(read(answer_), "malformed") << "nothing was asked";
}

TEST_F(http_dialogue_test, takes_the_end_of_the_stream_for_the_end_of_a_body_without_length) {
    begin(1);
    (void)dialogue_->next();
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\n\r\nabc"), "");
    EXPECT_EQ(dialogue_->read_end().what, heard::kind::answered);
    begin(1);
    (void)dialogue_->next();
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"), "");
    EXPECT_EQ(dialogue_->read_end().what, heard::kind::malformed);
}

}  // namespace
}  // namespace weir::app
