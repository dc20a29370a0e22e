// Which handler answers which method and path.
//
//     http::router routes;
//     routes.route("GET", "/vendors/{prefix}", get_vendor);
//
// A path is matched segment by segment, decoded; a literal goes before a parameter, and a parameter
// takes one whole segment that is not empty. HEAD is answered by GET's handler, OPTIONS by the
// router, an unknown path with 404, a known one with another method with 405, unless there is a
// route for it. Built before it serves and unchanged while it does; looking up allocates nothing.
#pragma once

#include <memory>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/http/handler.hpp"

namespace weir::inline v0::http {

class route_table;

class WEIR_API router {
public:
    router();
    router(router&&) noexcept;
    router& operator=(router&&) noexcept;
    ~router();

    // label: what the metrics call it; the pattern where it is empty. Throws std::invalid_argument
    // for an unknown method, a pattern that is none, and what is there already.
    router& route(std::string_view method, std::string_view pattern, handler how,
                  std::string_view label = {});
    // Answers every request that no route matches, in place of 404 and 405.
    router& otherwise(handler how);

private:
    friend class server_state;
    std::unique_ptr<route_table> table_;
};

}  // namespace weir::inline v0::http
