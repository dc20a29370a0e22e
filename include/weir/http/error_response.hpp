// The one table that turns errors into answers.
#pragma once

#include "weir/base/api.hpp"
#include "weir/base/error.hpp"
#include "weir/base/lambda_rule.hpp"
#include "weir/http/response.hpp"
#include "weir/http/status.hpp"

namespace weir::inline v0::http {

// 400 for what the peer did wrong, 503 for what may go better later, 500 for the rest.
WEIR_API status status_of(errc code) noexcept;

// A problem document. An error's own text is told where the peer can do something about it (400,
// 403, 404, 413, 415, 501) and kept back elsewhere: it may speak of the inside. 503 carries
// `Retry-After: 1`, and costs no allocation. A 500 has a "code" where that helps to decide
// whether the request may be sent again: "outcome_unknown" (it may have been done) or "storage" (a
// database or its disk failed).
WEIR_API response answer_to(const error& why);

}  // namespace weir::inline v0::http
