// Where a handler writes a body that it does not have as a whole.
//
//     task<result<>> write_rows(body_writer& out, table& table) {
//         for (...) co_await or_return(out.write(row));
//         co_return {};
//     }
//     answer.stream([&table](body_writer& out) { return write_rows(out, table); });
//
// It runs once the handler, and all that stands around it, have answered. The head leaves with the
// first piece: a body that fails before is answered as a handler that fails. One that fails later,
// by an error or an exception or because it is shorter than was promised, breaks the connection: it
// must not look whole, so whoever reads while it writes should have read all before the last byte
// of a promised size. It may read what the handler has left of the request's body; a peer that
// waits to be asked for that (100-continue) is asked as long as nothing has been written. It
// belongs to its connection's loop.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/lambda_rule.hpp"
#include "weir/base/result.hpp"
#include "weir/http/field_lines.hpp"
#include "weir/http/response_head.hpp"
#include "weir/io/block_writer.hpp"
#include "weir/net/connection.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::http {

class stream_call_awaiter;

class WEIR_API body_writer {
public:
    using loop_bound = void;

    body_writer(const body_writer&) = delete;
    body_writer& operator=(const body_writer&) = delete;

    // The next bytes of the body. Up to 8 KiB are copied and leave at the end of the loop's turn,
    // with whatever else was written until then; more is sent from where it is. Waits while 64 KiB
    // are unsent: as long as the peer reads, and no longer than the connection's write timeout.
    // Lifetime: bytes until it has ended. Errors: too_large beyond the size that was promised, with
    // nothing written; timed_out, reset, closed: nobody gets any more; what stopped the request.
    task<result<>> write(bytes_view bytes);
    task<result<>> write(std::string_view text) { return write(as_bytes(text)); }
    // All of it, part by part.
    task<result<>> write(io::block_writer written);

    // A field behind the body. Dropped, with all others, where the peer has not said that it takes
    // trailers, or the body is not sent in chunks. Errors: as response::add, and invalid_argument
    // for what must stand before the body (RFC 9110 section 6.5.1). Throws std::bad_alloc.
    result<> add_trailer(std::string_view name, std::string_view value);

private:
    friend class session;
    friend class stream_call_awaiter;

    body_writer(net::connection& connection, const response_head& head,
                std::optional<std::uint64_t> size, bool takes_trailers) noexcept
        : connection_{connection}, head_{head}, left_{size}, takes_trailers_{takes_trailers} {}

    // What a piece may take to come, as far as it is for its writer to say.
    void times(stream_call_awaiter* by) noexcept { clock_ = by; }
    bool begun() const noexcept { return begun_; }
    bool closes() const noexcept { return head_.closes(); }
    // The body's end. Errors: internal where some of it is missing.
    task<result<>> finish();

    result<> take(std::size_t bytes) noexcept;
    task<result<>> write_head();
    task<result<>> put(std::string_view text);
    task<result<>> lend(bytes_view bytes);
    task<result<>> sent();

    net::connection& connection_;
    response_head head_;
    std::optional<std::uint64_t> left_;
    field_lines trailers_;
    stream_call_awaiter* clock_ = nullptr;
    bool takes_trailers_;
    bool begun_ = false;
};

}  // namespace weir::inline v0::http
