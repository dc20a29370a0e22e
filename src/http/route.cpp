#include "route.hpp"

#include <algorithm>
#include <stdexcept>
#include <variant>

namespace weir::inline v0::http {

void refuse_route(std::string_view pattern, std::string_view why) {
    throw std::invalid_argument{"route " + std::string{pattern} + " " + std::string{why}};
}

void check_limits(std::string_view pattern, const route_limits& limits) {
    if (limits.deadline && *limits.deadline <= duration{})
        refuse_route(pattern, "has a deadline that has always passed");
}

void route::belongs_to(route_scope& scope, const route_limits& own) {
    check_limits(pattern, own);
    scope_ = &scope;
    own_ = own;
    in_flight_ = std::make_unique<place_limit>(own);
}

void route::seal(const server_options& options) {
    around.clear();
    places.clear();
    auto found_deadline = own_.deadline;
    auto found_body = own_.max_body_bytes;
    if (auto* own = in_flight_->places()) places.push_back(own);
    for (route_scope* each = scope_; each != nullptr; each = each->around) {
        if (!found_deadline) found_deadline = each->limits.deadline;
        if (!found_body) found_body = each->limits.max_body_bytes;
        if (auto* shared = each->in_flight.places()) places.push_back(shared);
        for (auto one = each->middlewares.rbegin(); one != each->middlewares.rend(); ++one)
            around.push_back(&*one);
    }
    std::ranges::reverse(around);
    deadline = found_deadline.value_or(options.request_timeout);
    limits = options.limits;
    limits.max_body_bytes = found_body.value_or(options.limits.max_body_bytes);
    if (around.empty()) at_once_ = how.at_once();
}

}  // namespace weir::inline v0::http
