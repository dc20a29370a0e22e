// The HTTP/1.1 server: turns a router, or one handler, into what serves a connection.
//
//     service.listen("127.0.0.1:8080", http::serve(std::move(routes)));
//
// Keep-alive and pipelining, deadlines for heads, bodies and handlers, limits with their statuses:
// server_options has the numbers. Requests of one connection are answered in order, one at a time;
// answers are sent together once no complete request is left to answer.
#pragma once

#include <memory>
#include <utility>

#include "weir/base/api.hpp"
#include "weir/base/lambda_rule.hpp"
#include "weir/http/handler.hpp"
#include "weir/http/middleware.hpp"
#include "weir/http/router.hpp"
#include "weir/http/server_options.hpp"
#include "weir/net/connection.hpp"
#include "weir/net/session.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::http {

class server_state;

// Copies share everything; each loop's part is its own.
class WEIR_API server {
public:
    // Throws std::invalid_argument where the options make no sense.
    server(router routes, const server_options& options);

    // Serves one connection until it is over; whoever owns it closes it gracefully afterwards,
    // which also sends the last answer. Cancellation: what is being handled is canceled and not
    // answered.
    task<> operator()(net::connection& connection) const;
    // The same for a service, which lets it rest without a coroutine. Lifetime: a copy of this
    // server outlives the session. Throws std::bad_alloc.
    std::unique_ptr<net::session> open(net::connection& connection) const;

private:
    std::shared_ptr<server_state> state_;
};

inline server serve(router routes, const server_options& options = {}) {
    return server{std::move(routes), options};
}

// Everything goes to one handler.
inline server serve(handler how, const server_options& options = {}) {
    router routes;
    routes.otherwise(std::move(how));
    return server{std::move(routes), options};
}

}  // namespace weir::inline v0::http
