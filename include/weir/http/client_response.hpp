// What a client was answered with, on the connection on which it comes.
//
// Its head is there; its body comes as it is asked for, and not before: a reader that waits makes
// its server wait. Once the body was read to its end the connection can serve the next request,
// unless that ended HTTP (101). A response that is dropped before gives up the connection, unless
// the rest of its body had come already.
//
// Everything that it hands out is a view into what was received and stays as long as the response,
// wherever that is moved; read()'s only until the next read(). The client outlives its responses,
// and the response its tasks. It belongs to the client's loop.
#pragma once

#include <cstddef>
#include <optional>
#include <source_location>
#include <span>
#include <string>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/lambda_rule.hpp"
#include "weir/base/lifetime.hpp"
#include "weir/base/result.hpp"
#include "weir/http/client_hold.hpp"
#include "weir/http/field.hpp"
#include "weir/http/status.hpp"
#include "weir/http/trailer_fields.hpp"
#include "weir/http/version.hpp"
#include "weir/net/connection.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::http {

class WEIR_API client_response {
public:
    using loop_bound = void;

    client_response(client_response&& other) noexcept;
    client_response& operator=(client_response&& other) noexcept;
    ~client_response();

    // 200 to 599, registered or not; interim responses were passed over. 101 only where the request
    // asked for another protocol: then there is no body, and connection() is the caller's.
    http::status status() const noexcept;
    http::version version() const noexcept;
    std::span<const field> fields() const noexcept WEIR_LIFETIMEBOUND;
    // The value of the first field of this name.
    std::optional<std::string_view> header(std::string_view name) const noexcept WEIR_LIFETIMEBOUND;

    // The next piece of the body as it arrives, empty at its end.
    // Errors: timed_out (the server is too slow, or the task's own deadline), end_of_stream (it
    // broke off), reset, bad_response (also over client_options::limits), canceled, out_of_memory
    // (for trailers). Nothing more is read after one, and the connection is given up.
    // Cancellation: as an error.
    task<result<bytes_view>> read(std::source_location at = std::source_location::current());
    // What is left of the body, in one piece: where it arrived in one piece, without a copy.
    // Errors: those of read(); bad_response where it is over the limit, without reading it where
    // its length is known. limit: in bytes, else client_options::max_collected.
    task<result<bytes_view>> all();
    task<result<bytes_view>> all(std::size_t limit);
    // The same as a string of its own, which may outlive the response.
    task<result<std::string>> text();
    task<result<std::string>> text(std::size_t limit);
    // What came behind a chunked body, once that was read to its end; never merged with fields().
    trailer_fields trailers() const noexcept WEIR_LIFETIMEBOUND;

    // Where the status is 101, what speaks another protocol from here on; else null. Its input()
    // begins with what has come of that; each of its reads waits for client_options::idle_timeout,
    // until set_read_deadline() says otherwise. It keeps its place among
    // client_options::connections, and a close() of the client leaves it.
    // Lifetime: the response's. Dropped before its close() it is reset.
    net::connection* connection() noexcept WEIR_LIFETIMEBOUND;

private:
    friend class client_call;
    explicit client_response(client_hold link) noexcept;

    client_hold link_;
};

}  // namespace weir::inline v0::http
