// Fields and body of an answer lie in it.
#include "weir/http/response.hpp"

weir::http::response answer_of_user();

bool caller() {
    const weir::http::response answer = answer_of_user();
    const std::string_view lines = answer.field_lines();
    auto body = answer.body();
#ifdef WEIR_MUST_NOT_COMPILE
    const std::string_view other_lines = answer_of_user().field_lines();
    auto other_body = answer_of_user().body();
    return other_lines.empty() && other_body.next();
#endif
    return lines.empty() && body.next();
}
