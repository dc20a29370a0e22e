// What a handler sees of a request.
//
// Everything that it hands out is a view into what was received, or into texts decoded from it, and
// stays until the handler has ended; body_chunk()'s only until the next call. It belongs to its
// connection's loop, and exists while its handler runs.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <source_location>
#include <span>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/lambda_rule.hpp"
#include "weir/base/result.hpp"
#include "weir/http/form.hpp"
#include "weir/http/method_set.hpp"
#include "weir/http/request_head.hpp"
#include "weir/http/trace_context.hpp"
#include "weir/http/trailer_fields.hpp"
#include "weir/io/block_writer.hpp"
#include "weir/io/loop.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::http {

struct route;
class body_reader;
class number_source;

class WEIR_API request {
public:
    using loop_bound = void;

    // As many path parameters as one route may have.
    static constexpr std::size_t max_params = 16;

    request(const request&) = delete;
    request& operator=(const request&) = delete;

    http::method method() const noexcept { return head_.method(); }
    http::version version() const noexcept { return head_.version(); }
    // As it was sent, escapes included.
    std::string_view path() const noexcept { return head_.path(); }
    std::string_view host() const noexcept { return head_.host(); }
    std::span<const field> fields() const noexcept { return head_.fields(); }
    // The value of the first field of this name.
    std::optional<std::string_view> header(std::string_view name) const noexcept {
        return head_.find(name);
    }

    // What stands in the path where the route has {name}, decoded. Never empty; any bytes. Throws
    // std::out_of_range where the route has no such parameter.
    std::string_view param(std::string_view name) const;
    // The value of the first pair of this name, decoded when it is asked for. Any bytes. Throws
    // std::bad_alloc.
    std::optional<std::string_view> query(std::string_view name);
    // As it was sent; query_pairs takes it apart.
    std::string_view query() const noexcept { return head_.query(); }

    bool has_body() const noexcept { return head_.has_body(); }
    // Whether the body came coded (Content-Encoding), as by gzip. It is handed on as it came.
    bool has_coded_body() const noexcept;
    // The whole body in one piece: where it arrived in one piece, without a copy. Asks for it first
    // where the peer waits to be asked (100-continue). Ask again, and it is the same.
    // Errors: those of body_chunk(); too_large is answered with 413 before.
    task<result<bytes_view>> read_body();
    // The body as a form, with the rules of query(). Errors: those of read_body();
    // unsupported_type where its Content-Type is another, or where it came coded, which is answered
    // with 415; malformed for
    // a "%" that begins no escape; too_large for a value with escapes that is over 16 KiB.
    task<result<http::form>> form();
    // The next piece of the body as it arrives, empty at its end. Not after read_body().
    // Errors: malformed, too_large, timed_out (the peer is too slow), end_of_stream (the peer broke
    // off), canceled, reset: the connection answers or closes by itself then, whatever the handler
    // returns, and further waits of the handler end with errc::canceled; out_of_memory (for
    // trailers).
    task<result<bytes_view>> body_chunk(std::source_location at = std::source_location::current());
    // What read_body() has read.
    bytes_view body() const noexcept;
    // What came behind a chunked body, once that was read to its end; never merged with fields().
    trailer_fields trailers() const noexcept;

    // The route's pattern; "other" where no route matched.
    std::string_view route() const noexcept;
    // The methods for which there are routes that match the path, where none is for this one.
    method_set allowed() const noexcept { return allowed_; }
    const io::endpoint& peer() const noexcept;
    // No other request of this server has it.
    std::uint64_t number() const noexcept { return number_; }
    // What logs call it, here and elsewhere: the X-Request-Id that it came with, where there is one
    // of at most 128 letters, digits and -_.:/+=@, else 16 digits that no other request has, made
    // when first asked for. The answer has it as well, where server_options says so.
    std::string_view id() const noexcept { return id_.empty() ? find_id() : id_; }
    // Where it stands in a trace: that of its traceparent, if it has one that is well-formed, else
    // one of its own. The span is this request's, made when first asked for; the text is what calls
    // to others are to have in their traceparent.
    const trace_context& trace() { return trace_ != nullptr ? *trace_ : make_trace(); }
    // As it came.
    std::optional<trace_context> trace_parent() const noexcept;
    io::loop& loop() const noexcept { return *loop_; }
    // For io::block_writer.
    io::block_pool& blocks() const noexcept { return loop_->blocks(); }

private:
    friend class exchange;
    friend class session;
    request(io::loop& loop, body_reader& body) noexcept
        : loop_{&loop}, body_{&body}, texts_{loop.blocks()} {}

    // A request begins.
    void identify(std::uint64_t number, number_source& numbers) noexcept {
        number_ = number;
        numbers_ = &numbers;
    }
    std::string_view find_id() const noexcept;
    const trace_context& make_trace();
    void forget() noexcept;
    // The only field of this name.
    std::optional<std::string_view> sole(std::string_view lower_name) const noexcept;

    io::loop* loop_;
    body_reader* body_;
    const http::route* route_ = nullptr;
    number_source* numbers_ = nullptr;  // null where nobody asks
    std::uint64_t number_ = 0;
    mutable std::string_view id_;
    mutable std::array<char, 16> made_id_;
    const trace_context* trace_ = nullptr;
    std::optional<trace_context> own_trace_;
    method_set allowed_;
    mutable io::block_writer texts_;  // what had to be decoded
    std::array<std::string_view, max_params> params_;
    request_head head_;
};

}  // namespace weir::inline v0::http
