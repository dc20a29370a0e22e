// The answer of HTTP to who may not call: 401, and what to send (RFC 6750 section 3).
#pragma once

#include <optional>

#include "weir/http/request.hpp"
#include "weir/http/response.hpp"

#include "app/api/token_check.hpp"

namespace weir::app {

// Empty where the request may go on.
std::optional<http::response> refuse_bearer(const token_check& tokens, const http::request& request,
                                            bool write);

}  // namespace weir::app
