// Start line and fields of a request, as views into the receive buffer.
//
// Parsing allocates nothing: the fields lie in an array of fixed capacity, which is why a head is
// over 3 KiB and belongs on its loop's free list, not in every connection. One loop uses it.
//
// Lifetime: the bytes of the head must stay where they are from the machine's `head` action until
// the request is finished; where they have to move, rebase() tells the head. Until that action the
// machine follows moves by itself. reset() forgets the request and keeps the object.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "weir/base/lifetime.hpp"
#include "weir/http/control_fields.hpp"
#include "weir/http/field.hpp"
#include "weir/http/limits.hpp"
#include "weir/http/method.hpp"
#include "weir/http/target.hpp"
#include "weir/http/version.hpp"

namespace weir::http {

class request_head {
public:
    request_head() noexcept = default;
    request_head(const request_head&) = delete;
    request_head& operator=(const request_head&) = delete;

    http::method method() const noexcept { return method_; }
    http::version version() const noexcept { return version_; }
    const http::target& target() const noexcept WEIR_LIFETIMEBOUND { return target_; }
    std::string_view path() const noexcept { return target_.path(); }
    std::string_view query() const noexcept { return target_.query(); }
    // The authority that is addressed: the target's own, else Host's (RFC 9112 section 3.2.2);
    // empty where an HTTP/1.0 peer names none.
    std::string_view host() const noexcept;

    std::span<const field> fields() const noexcept WEIR_LIFETIMEBOUND {
        return {fields_.data(), count_};
    }
    // The value of the first field of this name, or nothing. O(number of fields).
    std::optional<std::string_view> find(std::string_view name) const noexcept;

    // The peer lets the connection go on (RFC 9112 section 9.3).
    bool keep_alive() const noexcept { return control_.keep_alive(version_); }
    http::framing framing() const noexcept { return control_.framing(); }
    bool chunked() const noexcept { return framing() == http::framing::chunked; }
    // As announced; nothing where no Content-Length was sent.
    std::optional<std::uint64_t> content_length() const noexcept {
        return control_.content_length();
    }
    bool has_body() const noexcept { return chunked() || content_length().value_or(0) > 0; }
    // The peer waits for 100 (Continue) before it sends its body. Never so in HTTP/1.0, nor where
    // there is no body (RFC 9110 section 10.1.1).
    bool expects_continue() const noexcept;

    // The head's bytes moved from one place to another; every view follows.
    void rebase(const char* from, const char* to) noexcept;
    void reset() noexcept;

private:
    friend class head_reader;

    http::method method_ = http::method::get;
    http::version version_ = http::version::http_1_1;
    std::uint32_t count_ = 0;
    http::target target_;
    control_fields control_;
    std::array<field, limits::field_capacity> fields_;
};

}  // namespace weir::http
