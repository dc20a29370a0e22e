// Start line and fields of a request, as views into the receive buffer; message_head.hpp says how
// long they live.
#pragma once

#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/lifetime.hpp"
#include "weir/http/known_fields.hpp"
#include "weir/http/limits.hpp"
#include "weir/http/message_head.hpp"
#include "weir/http/method.hpp"
#include "weir/http/target.hpp"

namespace weir::inline v0::http {

class WEIR_API request_head final : public message_head {
public:
    request_head() noexcept : message_head{message::request} {}

    http::method method() const noexcept { return method_; }
    const http::target& target() const noexcept WEIR_LIFETIMEBOUND { return target_; }
    std::string_view path() const noexcept { return target_.path(); }
    std::string_view query() const noexcept { return target_.query(); }
    // The authority that is addressed: the target's own, else Host's (RFC 9112 section 3.2.2);
    // empty where an HTTP/1.0 peer names none.
    std::string_view host() const noexcept;

    bool has_body() const noexcept { return chunked() || content_length().value_or(0) > 0; }
    // The peer waits for 100 (Continue) before it sends its body. Never so in HTTP/1.0, nor where
    // there is no body (RFC 9110 section 10.1.1).
    bool expects_continue() const noexcept;

    // The head's bytes moved from one place to another; every view follows.
    void rebase(const char* from, const char* to) noexcept;
    // Forgets the request, but not what its fields were: where the next one has the same, they are
    // not parsed again (known_fields.hpp).
    void reset() noexcept;

private:
    friend class head_reader;

    // Takes the fields at the beginning of text where they are known, and answers with their size;
    // else 0.
    std::size_t repeat_known(std::string_view text, const limits& bounds) noexcept;
    // section: what was parsed.
    void remember(std::string_view section) noexcept;

    http::method method_ = http::method::get;
    http::target target_;
    known_fields known_;
};

}  // namespace weir::inline v0::http
