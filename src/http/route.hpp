// One route: what answers, and what stands around it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/base/clock.hpp"
#include "weir/flow/shared_semaphore.hpp"
#include "weir/http/handler.hpp"
#include "weir/http/limits.hpp"
#include "weir/http/middleware.hpp"
#include "weir/http/route_options.hpp"
#include "weir/http/server_options.hpp"

#include "route_scope.hpp"

namespace weir::inline v0::http {

// Throws std::invalid_argument.
[[noreturn]] void refuse_route(std::string_view pattern, std::string_view why);
void check_limits(std::string_view pattern, const route_limits& limits);

struct route {
    route(handler how, std::string_view pattern, std::string_view label)
        : how{std::move(how)}, pattern{pattern}, label{label} {}

    // Lifetime: the scope outlives it. Throws std::invalid_argument for limits that make no sense.
    void belongs_to(route_scope& scope, const route_limits& own);
    // Gathers what the scopes around it say, and in the end the server. Once, before it serves.
    void seal(const server_options& options);
    // Null where something has to be awaited.
    const handler::immediate* at_once() const noexcept { return at_once_; }

    handler how;
    std::string pattern;
    std::string label;
    std::vector<std::string> params;  // their names, from left to right
    std::size_t number = 0;           // from 1; 0 is what no route matched

    // From seal() on:
    std::vector<const middleware*> around;        // the outermost first
    std::vector<flow::shared_semaphore*> places;  // one of each is needed
    duration deadline{};
    http::limits limits;

private:
    route_scope* scope_ = nullptr;
    route_limits own_;
    std::unique_ptr<place_limit> in_flight_;
    const handler::immediate* at_once_ = nullptr;
};

}  // namespace weir::inline v0::http
