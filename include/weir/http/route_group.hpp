// Routes that have something in common: the beginning of their paths, middlewares, limits.
//
//     auto api = routes.group("/api", limits);
//     api.use(authenticated);
//     api.route("GET", "/vendors/{prefix}", get_vendor);
//
// A handle: copies mean the same group. Lifetime: the router, wherever it moves, until a server is
// made of it.
#pragma once

#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/lambda_rule.hpp"
#include "weir/http/handler.hpp"
#include "weir/http/middleware.hpp"
#include "weir/http/route_options.hpp"

namespace weir::inline v0::http {

class route_table;
class route_scope;

class WEIR_API route_group {
public:
    // As router's, of this group's routes and those of the groups in it.
    route_group& use(middleware around);
    // As router's; the pattern is what follows the group's own, and may be empty.
    route_group& route(std::string_view method, std::string_view pattern, handler how,
                       const route_options& options);
    route_group& route(std::string_view method, std::string_view pattern, handler how,
                       std::string_view label = {});
    // As router's, inside this one.
    route_group group(std::string_view prefix, const route_limits& limits = {});

private:
    friend class router;
    route_group(route_table& table, route_scope& scope) noexcept : table_{&table}, scope_{&scope} {}

    route_table* table_;
    route_scope* scope_;
};

}  // namespace weir::inline v0::http
