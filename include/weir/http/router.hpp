// Which handler answers which method and path.
//
//     http::router routes;
//     routes.use(logged);
//     routes.route("GET", "/vendors/{prefix}", get_vendor);
//     routes.route("GET", "/files/{path...}", get_file);
//
// A path is matched segment by segment, decoded; a literal goes before a parameter, a parameter,
// which takes one whole segment that is not empty, before {name...}, which takes all that is left
// of the path and stands last. HEAD is answered by GET's handler, OPTIONS by the router, an unknown
// path with 404, a known one with another method with 405, unless there is a route for it. Built
// before it serves and unchanged while it does; looking up allocates nothing.
#pragma once

#include <memory>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/lambda_rule.hpp"
#include "weir/http/handler.hpp"
#include "weir/http/middleware.hpp"
#include "weir/http/route_group.hpp"
#include "weir/http/route_options.hpp"

namespace weir::inline v0::http {

class WEIR_API router {
public:
    router();
    router(router&&) noexcept;
    router& operator=(router&&) noexcept;
    ~router();

    // Stands around all routes, those that were added before included, and around the answers to
    // what no route matches. The first one is the outermost; a group's stand inside those of the
    // groups around it.
    router& use(middleware around);
    // Throws std::invalid_argument for an unknown method, a pattern that is none, what is there
    // already, and limits that make no sense.
    router& route(std::string_view method, std::string_view pattern, handler how,
                  const route_options& options);
    router& route(std::string_view method, std::string_view pattern, handler how,
                  std::string_view label = {});
    // Routes whose patterns begin with prefix, which is none that ends with a slash; it may be
    // empty, and have parameters. Throws as route().
    route_group group(std::string_view prefix, const route_limits& limits = {});
    // Answers every request that no route matches, in place of 404 and 405.
    router& otherwise(handler how);

private:
    friend class server_state;
    route_group root() noexcept;

    std::unique_ptr<route_table> table_;
};

}  // namespace weir::inline v0::http
