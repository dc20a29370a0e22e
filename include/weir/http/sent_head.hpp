// Request line and fields of a request that is to be sent to a server, written into the caller's
// memory. (A request_head is one that came from a client.)
//
// Which framing fields are right depends on the method and on whether the body's size is known;
// that is decided here and nowhere else (RFC 9110 section 8.6, RFC 9112 section 6).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/result.hpp"
#include "weir/http/method.hpp"

namespace weir::inline v0::http {

class WEIR_API sent_head {
public:
    // Lifetime of all texts: until the last encode(). The target is one that check_target() takes.
    sent_head(method asked, std::string_view target) noexcept : asked_{asked}, target_{target} {}

    // The Host field (RFC 9112 section 3.2).
    sent_head& host(std::string_view authority) noexcept {
        host_ = authority;
        return *this;
    }
    // Lines from a field_writer.
    sent_head& fields(std::string_view lines) noexcept {
        fields_ = lines;
        return *this;
    }
    // The body's size in bytes. Without this call it is not known beforehand, and the body goes in
    // chunks.
    sent_head& body_size(std::uint64_t bytes) noexcept {
        size_ = bytes;
        return *this;
    }
    // The server is to say that it wants the body (RFC 9110 section 10.1.1). Where there is none
    // that is not asked.
    sent_head& expect_continue(bool asks) noexcept {
        expects_continue_ = asks;
        return *this;
    }

    // Another protocol is asked for (RFC 9110 section 7.8).
    sent_head& switch_to(std::string_view protocol) noexcept {
        switch_to_ = protocol;
        return *this;
    }

    method asked() const noexcept { return asked_; }
    std::string_view protocol() const noexcept { return switch_to_; }
    std::optional<std::uint64_t> size_of_body() const noexcept { return size_; }
    bool has_body() const noexcept { return size_.value_or(1) > 0; }
    // Whether the body's bytes have to be framed with chunk_prefix and last_chunk.
    bool chunked() const noexcept { return !size_; }
    bool expects_continue() const noexcept { return expects_continue_ && has_body(); }

    // Writes the whole head and answers with its size; where room is too small, answers with the
    // size that is needed, and writes nothing.
    std::size_t encode(bytes_span room) const noexcept;

private:
    bool tells_size() const noexcept;
    template <class Writer>
    void write(Writer& to) const noexcept;

    method asked_;
    bool expects_continue_ = false;
    std::optional<std::uint64_t> size_;
    std::string_view target_;
    std::string_view host_;
    std::string_view fields_;
    std::string_view switch_to_;
};

// Whether a request may name this target: a path that begins with a slash, perhaps with a query, or
// `*` for OPTIONS; visible ASCII, without a fragment. Errors: invalid_argument, saying what is
// wrong; unsupported for CONNECT.
WEIR_API result<> check_target(method asked, std::string_view target);

}  // namespace weir::inline v0::http
