// What a group of routes has in common, below the group around it.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "weir/flow/shared_semaphore.hpp"
#include "weir/http/middleware.hpp"
#include "weir/http/route_options.hpp"

namespace weir::inline v0::http {

// The places that max_in_flight gives, if it gives any.
class place_limit {
public:
    explicit place_limit(const route_limits& limits) {
        if (limits.max_in_flight > 0) places_.emplace(limits.max_in_flight, 0);
    }
    flow::shared_semaphore* places() noexcept { return places_ ? &*places_ : nullptr; }

private:
    std::optional<flow::shared_semaphore> places_;
};

class route_scope {
public:
    // Lifetime: around outlives it.
    route_scope(route_scope* around, std::string prefix, const route_limits& limits)
        : around{around}, prefix{std::move(prefix)}, limits{limits}, in_flight{limits} {}
    route_scope(const route_scope&) = delete;
    route_scope& operator=(const route_scope&) = delete;

    route_scope* around;
    std::string prefix;  // whole, from the root on
    route_limits limits;
    place_limit in_flight;
    std::deque<middleware> middlewares;  // which stay where they are
};

}  // namespace weir::inline v0::http
