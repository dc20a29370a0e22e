// Status line and fields of a response, written into the caller's memory.
//
// Which framing fields are right depends on the status, the method and the peer's version; that is
// decided here and nowhere else (RFC 9110 section 8.6, RFC 9112 sections 6 and 9.3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/http/method.hpp"
#include "weir/http/status.hpp"
#include "weir/http/version.hpp"

namespace weir::inline v0::http {

class WEIR_API response_head {
public:
    explicit response_head(http::status status) noexcept : status_{status} {}

    // To which request this is the answer: HEAD gets no body, an HTTP/1.0 peer no chunks.
    response_head& answering(http::method asked, http::version spoken) noexcept {
        asked_ = asked;
        spoken_ = spoken;
        return *this;
    }
    // The body's size in bytes, as GET would get it. Without this call the size is not known
    // beforehand, and the body goes in chunks, or up to the end of the stream for HTTP/1.0.
    response_head& body_size(std::uint64_t bytes) noexcept {
        size_ = bytes;
        return *this;
    }
    // Lines from a field_writer. Lifetime: until the last encode().
    response_head& fields(std::string_view lines) noexcept {
        fields_ = lines;
        return *this;
    }
    // The current date, as http::date writes it; where empty, no Date is sent. Lifetime: as fields.
    response_head& date(std::string_view text) noexcept {
        date_ = text;
        return *this;
    }
    // Goes into X-Request-Id; where empty, none is sent. Lifetime: as fields.
    response_head& request_id(std::string_view text) noexcept {
        request_id_ = text;
        return *this;
    }
    // A protocol to go on with, or that the request should have asked for. Lifetime: as fields.
    response_head& upgrade(std::string_view protocol) noexcept {
        upgrade_ = protocol;
        return *this;
    }
    // False: this is the last response on the connection, and says so.
    response_head& keep_alive(bool persists) noexcept {
        keep_alive_ = persists;
        return *this;
    }

    // Whether bytes of a body follow (none for HEAD, 1xx, 204 and 304).
    bool has_body() const noexcept {
        return asked_ != method::head && size_.value_or(1) > 0 && !forbids_body();
    }
    // Whether the body's bytes have to be framed with chunk_prefix and last_chunk.
    bool chunked() const noexcept;
    // Whether the connection ends behind this response: as set, or because nothing else can tell
    // an HTTP/1.0 peer where a body of unknown size ends.
    bool closes() const noexcept;

    // Writes the whole head and answers with its size; where room is too small, answers with the
    // size that is needed, and what is in room means nothing.
    std::size_t encode(bytes_span room) const noexcept;

private:
    bool usual() const noexcept;
    std::size_t write_usual(bytes_span room) const noexcept;
    template <class Writer>
    [[gnu::noinline]] std::size_t write(Writer to) const noexcept;
    bool close_delimited() const noexcept;
    bool forbids_body() const noexcept {
        return status_ != status::ok && (is_interim(status_) || status_ == status::no_content ||
                                         status_ == status::not_modified);
    }

    http::status status_;
    http::method asked_ = http::method::get;
    http::version spoken_ = http::version::http_1_1;
    bool keep_alive_ = true;
    std::optional<std::uint64_t> size_;
    std::string_view fields_;
    std::string_view date_;
    std::string_view request_id_;
    std::string_view upgrade_;
};

}  // namespace weir::inline v0::http
