// Bodies that are forms.
#include <gtest/gtest.h>

#include "weir/http/server.hpp"
#include "weir/task/or_return.hpp"

#include "http/house.hpp"

namespace weir::inline v0::http {
namespace {

class server_form_test : public house_test {
protected:
    std::vector<reply> replies(const server& server, std::string_view sent) {
        return replies_in(house_->ask(server, sent));
    }
};

INSTANTIATE_TEST_SUITE_P(over, server_form_test, testing::ValuesIn(house_names()), io::name_of);

task<result<response>> tells_form(request& request) {
    const form sent = co_await or_return(request.form());
    std::string told;
    for (const char* name : {"x", "y", "z w", "none", ""})
        told += "|" + std::string{sent.find(name).value_or("-")};
    std::size_t pairs = 0;
    for (query_pairs left = sent.pairs(); left.next();) ++pairs;
    co_return text(told + " " + std::to_string(pairs));
}

std::string form_post(std::string_view body,
                      std::string_view type = "application/x-www-form-urlencoded") {
    std::string field = "Content-Type: ";
    return post("/", body, field.append(type).append("\r\n"));
}

TEST_P(server_form_test, decodes_a_form_as_a_query) {
    const auto got = replies(
        serve(tells_form),
        form_post("x=1+2&y=%26%3d&x=3&z+w=a%2Bb") + form_post("") +
            form_post("&&x&%78=%00&=e", "Application/X-WWW-Form-URLEncoded ; charset=utf-8") +
            form_post("%79=y"));
    ASSERT_EQ(got.size(), 4U);
    EXPECT_EQ(got[0].body, "|1 2|&=|a+b|-|- 4");
    EXPECT_EQ(got[1].body, "|-|-|-|-|- 0");
    EXPECT_EQ(got[2].body, "||-|-|-|e 3");
    EXPECT_EQ(got[3].body, "|-|y|-|-|- 1");
}

TEST_P(server_form_test, refuses_another_type_with_415_before_it_asks_for_the_body) {
    const server server = serve(tells_form);
    for (const char* type : {"application/json", "", "application/x-www-form-urlencodedx",
                             "text/plain; application/x-www-form-urlencoded"}) {
        const auto got = replies(server, form_post("x=1", type));
        ASSERT_EQ(got.size(), 1U);
        EXPECT_EQ(got[0].status, 415) << type;
        EXPECT_NE(got[0].body.find("application/x-www-form-urlencoded"), std::string::npos);
    }
    const auto untyped = replies(server, post("/", "x=1"));
    ASSERT_EQ(untyped.size(), 1U);
    EXPECT_EQ(untyped[0].status, 415);
    const std::string twice = "Content-Type: application/x-www-form-urlencoded\r\n";
    EXPECT_EQ(replies(server, post("/", "x=1", twice + twice)).at(0).status, 415);
    const auto waits = replies_in(house_->ask_and_stay(
        server, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"));
    ASSERT_EQ(waits.size(), 1U);
    EXPECT_EQ(waits[0].status, 415);
}

TEST_P(server_form_test, refuses_a_coded_body_with_415) {
    const std::string type = "Content-Type: application/x-www-form-urlencoded\r\n";
    const server server = serve(tells_form);
    for (const char* coding : {"gzip", "identity, br", "identityx"}) {
        const std::string fields = type + "content-encoding: " + coding + "\r\n";
        const auto got = replies(server, post("/", "x=1", fields));
        ASSERT_EQ(got.size(), 1U);
        EXPECT_EQ(got[0].status, 415) << coding;
        EXPECT_NE(got[0].body.find("Content-Encoding"), std::string::npos);
    }
    const std::string none = type + "Content-Encoding: \tIdentity \r\nContent-Encoding:\r\n";
    EXPECT_EQ(replies(server, post("/", "x=1", none)).at(0).status, 200);
    const std::string also = none + "Content-Encoding: gzip\r\n";
    EXPECT_EQ(replies(server, post("/", "x=1", also)).at(0).status, 415);
}

TEST_P(server_form_test, refuses_a_broken_escape) {
    for (const char* body : {"x=%", "x=%4", "%zz=1", "a=b&x=%g0"}) {
        const auto got = replies(serve(tells_form), form_post(body));
        ASSERT_EQ(got.size(), 1U);
        EXPECT_EQ(got[0].status, 400) << body;
    }
}

task<result<response>> tells_size(request& request) {
    const form sent = co_await or_return(request.form());
    co_return text(std::to_string(sent.find("x").value_or("").size()));
}

TEST_P(server_form_test, is_read_within_its_limits) {
    server_options options;
    options.limits.max_body_bytes = 100'000;
    const server server = serve(tells_size, options);
    const std::string large(50'000, 'v');
    EXPECT_EQ(replies(server, form_post("x=" + large)).at(0).body, "50000") << "where it lies";
    EXPECT_EQ(replies(server, form_post("x=" + large.substr(0, 16'000) + "%41")).at(0).body,
              "16001");
    EXPECT_EQ(replies(server, form_post("x=" + large + "%41")).at(0).status, 413);
    EXPECT_EQ(replies(server, form_post(large + "=x")).at(0).status, 413);
    const auto over = replies_in(house_->ask_and_stay(
        server, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100001\r\n\r\n"));
    EXPECT_EQ(over.at(0).status, 413);
}

}  // namespace
}  // namespace weir::inline v0::http
