// Asks an HTTP/1.1 server: over connections that are kept and lent again, never more than a bound.
//
//     http::client_options options;
//     options.hosts.push_back(*net::host::parse("backend.local:8080"));
//     http::client backend{loop, resolver, options};
//     ...
//     auto response = co_await or_return(backend.get("/vendors/080030"));
//     const std::string body = co_await or_return(response.text());
//
// A client is for one origin, whose hosts and bounds its options name; who asks several has
// several. It belongs to one loop, as its connections do: a service has one on each loop that asks.
//
// A connection is lent again only where its last response was read to the end, both sides let it go
// on, and its peer has said nothing since. Every wait ends: by its own option, and by the stop and
// the deadline of the task that waits.
//
// A request is sent a second time, once, on a fresh connection, only where all of this is so: it
// was sent on a connection that had rested, which was lost before a byte of a response came; its
// method is idempotent; its body is in memory. Redirects, cookies, authentication and compression
// are its caller's affair.
#pragma once

#include <memory>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/lambda_rule.hpp"
#include "weir/base/result.hpp"
#include "weir/http/client_options.hpp"
#include "weir/http/client_request.hpp"
#include "weir/http/client_response.hpp"
#include "weir/http/client_upload.hpp"
#include "weir/io/loop.hpp"
#include "weir/io/resolver.hpp"
#include "weir/pool/stats.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::http {

class client_state;

class WEIR_API client {
public:
    using loop_bound = void;

    // Lifetime: loop and resolver outlive it. Throws std::invalid_argument where the options make
    // no sense, and there is no host among them.
    client(io::loop& loop, io::resolver& resolver, client_options options);
    client(const client&) = delete;
    client& operator=(const client&) = delete;
    // Nobody asks, and no response or upload is left. Connections that rest are closed.
    ~client();

    // Sends a request, and answers with its response when the head has come. The request may be
    // sent again, also at the same time. Lifetime: request or target, until the task has ended.
    //
    // Errors: invalid_argument and too_large, where the request cannot be sent; where it was not
    // sent: overloaded (max_waiters wait for a connection), unavailable (no host can be reached,
    // and why), closed. Where its connection was lost: unavailable where it may safely be sent
    // again, outcome_unknown where it may have been executed and is not idempotent. Where its
    // response is not taken: bad_response. timed_out: a deadline, of the options or of the task;
    // without a text it may also be that no connection was free in time. canceled.
    // Cancellation: leaves at once; a request under way ends with a reset of its connection.
    task<result<client_response>> send(const client_request& request);
    task<result<client_response>> get(std::string_view target);
    // Begins a request whose body is written later. Errors: as send(); invalid_argument also where
    // it has a body of its own.
    task<result<client_upload>> upload(const client_request& request);

    // Nothing new is asked: who waits for a connection, or asks from now on, gets errc::closed;
    // connections that rest are closed. Responses that are out are read on.
    void close() noexcept;

    // in_use: with a request; idle: at rest, and open; waiting: requests that wait for one.
    pool::stats connections() const noexcept;

private:
    std::unique_ptr<client_state> state_;
};

}  // namespace weir::inline v0::http
