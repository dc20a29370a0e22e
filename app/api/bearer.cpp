#include "app/api/bearer.hpp"

namespace weir::app {

std::optional<http::response> refuse_bearer(const token_check& tokens, const http::request& request,
                                            bool write) {
    if (!tokens.asks(write)) return std::nullopt;
    const auto field = request.header("Authorization");
    if (field && tokens.knows_bearer(*field)) return std::nullopt;
    http::response answer = http::problem(
        http::status::unauthorized, "Unauthorized",
        field ? "the token is not known here" : "this needs Authorization: Bearer and a token");
    // RFC 6750 section 3: who sent none is not told that it was wrong.
    (void)answer.add("WWW-Authenticate", field ? R"(Bearer error="invalid_token")" : "Bearer");
    return answer;
}

}  // namespace weir::app
