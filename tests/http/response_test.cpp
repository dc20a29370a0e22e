#include "weir/http/response.hpp"

#include <string>

#include <gtest/gtest.h>

#include "weir/http/error_response.hpp"

namespace weir::inline v0::http {
namespace {

std::string body_of(const response& answer) {
    std::string text;
    auto parts = answer.body();
    while (const auto part = parts.next()) text += as_text(*part);
    EXPECT_EQ(text.size(), answer.body_size());
    return text;
}

TEST(response, has_a_body_of_each_kind) {
    io::block_pool blocks;
    io::block_writer written{blocks};
    written.append("[1]");
    const response literal = text("literal");
    const response own = html(std::string{"<p>own"});
    const response blocky = json(std::move(written), status::created);
    EXPECT_EQ(body_of(literal), "literal");
    EXPECT_EQ(literal.field_lines(), "Content-Type: text/plain; charset=utf-8\r\n");
    EXPECT_EQ(body_of(own), "<p>own");
    EXPECT_EQ(own.field_lines(), "Content-Type: text/html; charset=utf-8\r\n");
    EXPECT_EQ(body_of(blocky), "[1]");
    EXPECT_EQ(blocky.field_lines(), "Content-Type: application/json\r\n");
    EXPECT_EQ(blocky.status(), status::created);
    EXPECT_EQ(body_of(response{}), "");
}

TEST(response, moves_with_its_fields_few_or_many) {
    for (const std::size_t count : {0U, 1U, 30U}) {
        response first = text(std::string(100, 'x'));
        for (std::size_t i = 0; i < count; ++i)
            EXPECT_TRUE(first.add("X-" + std::to_string(i), "value").has_value());
        const std::string lines{first.field_lines()};
        response second{std::move(first)};
        EXPECT_EQ(second.field_lines(), lines);
        EXPECT_EQ(body_of(second), std::string(100, 'x'));
        EXPECT_EQ(first.field_lines(), "");
        EXPECT_TRUE(first.add("A", "b").has_value());
        EXPECT_EQ(first.field_lines(), "A: b\r\n");
        first = std::move(second);
        EXPECT_EQ(first.field_lines(), lines);
    }
}

TEST(response, bounds_its_fields) {
    response answer;
    while (answer.add("X-Name", std::string(100, 'v'))) continue;
    EXPECT_LE(answer.field_lines().size(), field_lines::most);
    EXPECT_GT(answer.field_lines().size(), field_lines::most - 200);
    EXPECT_EQ(answer.add("X-Name", std::string(100, 'v')).error(), errc::too_large);
}

TEST(problem, says_what_rfc_9457_has_words_for) {
    const response answer = problem(status::not_found, "No \"such\" thing", "line\nbreak");
    EXPECT_EQ(answer.status(), status::not_found);
    EXPECT_EQ(answer.field_lines(), "Content-Type: application/problem+json\r\n");
    EXPECT_EQ(body_of(answer),
              R"({"title":"No \"such\" thing","status":404,"detail":"line\nbreak"})");
    EXPECT_EQ(body_of(problem(status::conflict)), R"({"title":"Conflict","status":409})");
    EXPECT_EQ(body_of(problem(status::conflict, "Known", {}, "kno\"wn")),
              R"({"title":"Known","status":409,"code":"kno\"wn"})");
    EXPECT_EQ(body_of(problem(status::conflict, "\x80", "\x80", "\x80")),
              R"({"title":"Conflict","status":409})");
}

TEST(error_response, tells_the_peer_what_it_can_mend_and_keeps_the_rest_back) {
    const auto told = [](errc code) { return body_of(answer_to(error{code, "the text"})); };
    for (const errc code : {errc::invalid_argument, errc::malformed, errc::not_found,
                            errc::too_large, errc::permission_denied, errc::unsupported})
        EXPECT_NE(told(code).find("the text"), std::string::npos) << to_string(code);
    for (const errc code :
         {errc::conflict, errc::internal, errc::system, errc::storage, errc::outcome_unknown,
          errc::unavailable, errc::timed_out, errc::bad_response, errc::overloaded,
          errc::out_of_memory, errc::reset, errc::closed})
        EXPECT_EQ(told(code).find("the text"), std::string::npos) << to_string(code);
    EXPECT_EQ(body_of(answer_to(errc::not_found)), R"({"title":"Not Found","status":404})");
}

TEST(error_response, says_by_a_code_whether_what_failed_may_be_sent_again) {
    EXPECT_EQ(
        body_of(answer_to(error{errc::outcome_unknown, "the text"})),
        R"({"title":"Internal Server Error","status":500,"detail":"it may have been done, or )"
        R"(not: only what may be done twice should be sent again","code":"outcome_unknown"})");
    EXPECT_EQ(body_of(answer_to(errc::storage)),
              R"({"title":"Internal Server Error","status":500,"code":"storage"})");
    EXPECT_EQ(body_of(answer_to(errc::internal)),
              R"({"title":"Internal Server Error","status":500})");
}

TEST(error_response, maps_each_code_to_its_status) {
    EXPECT_EQ(status_of(errc::not_found), status::not_found);
    EXPECT_EQ(status_of(errc::conflict), status::conflict);
    EXPECT_EQ(status_of(errc::invalid_argument), status::bad_request);
    EXPECT_EQ(status_of(errc::permission_denied), status::forbidden);
    EXPECT_EQ(status_of(errc::too_large), status::content_too_large);
    EXPECT_EQ(status_of(errc::unsupported), status::not_implemented);
    EXPECT_EQ(status_of(errc::outcome_unknown), status::internal_server_error);
    // The fault of a server that was asked is not the fault of who asks here.
    EXPECT_EQ(status_of(errc::bad_response), status::bad_gateway);
    for (const errc code :
         {errc::overloaded, errc::timed_out, errc::unavailable, errc::out_of_memory}) {
        const response answer = answer_to(code);
        EXPECT_EQ(answer.status(), status::service_unavailable);
        EXPECT_NE(answer.field_lines().find("Retry-After: 1\r\n"), std::string_view::npos);
    }
}

}  // namespace
}  // namespace weir::inline v0::http
