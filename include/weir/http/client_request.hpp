// What a client is to ask for: a method, a target, fields, and a body.
//
// A value that moves and does not copy. What must not be sent is refused where it is set. Its
// length, and what concerns the connection, are added when it is sent. It may be sent again and
// again. A written body belongs to the loop of its blocks.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/lifetime.hpp"
#include "weir/base/result.hpp"
#include "weir/http/field_lines.hpp"
#include "weir/http/method.hpp"
#include "weir/http/sent_head.hpp"
#include "weir/http/static_protocol.hpp"
#include "weir/http/static_text.hpp"
#include "weir/io/block_writer.hpp"

namespace weir::inline v0::http {

class WEIR_API client_request {
public:
    // Errors: those of check_target().
    static result<client_request> make(http::method method, std::string_view target);
    client_request(client_request&&) noexcept = default;
    client_request& operator=(client_request&&) noexcept = default;

    http::method method() const noexcept { return method_; }
    std::string_view target() const noexcept WEIR_LIFETIMEBOUND { return target_; }

    // Adds a field, behind others of the same name. Errors: invalid_argument for a name that is no
    // token, a value with CR, LF, NUL or another control character, and the fields that the client
    // writes itself (Connection, Content-Length, Date, Expect, Host, Keep-Alive, TE, Trailer,
    // Transfer-Encoding, Upgrade); too_large where the fields exceed 8 KiB. Nothing is added then.
    result<> add(std::string_view name, std::string_view value);

    // In memory: it can be sent again where its connection is lost.
    void set_body(static_text text) noexcept { body_ = text.view(); }
    void set_body(io::block_writer&& written) noexcept { body_ = std::move(written); }
    template <std::same_as<std::string> String>
    void set_body(String&& text) noexcept {
        body_ = std::move(text);
    }
    std::size_t body_size() const noexcept;

    // Of a body that an upload is to write. Without this call it goes in chunks.
    void announce_body(std::uint64_t bytes) noexcept { announced_ = bytes; }

    // The body waits until the server wants it, or for client_options::continue_timeout.
    void expect_continue() noexcept { expects_continue_ = true; }

    // Asks for another protocol: a server that agrees answers with 101 once it has the whole
    // request, and the response's connection() speaks it from there on; one that does not answers
    // in HTTP.
    void switch_to(static_protocol protocol) noexcept { switch_to_ = protocol.view(); }

private:
    friend class client;
    friend class client_call;

    client_request(http::method method, std::string_view target)
        : method_{method}, target_{target} {}

    // As one that is sent whole, and as the beginning of an upload.
    sent_head whole() const noexcept;
    sent_head begun() const noexcept;
    // The body's bytes, piece after piece.
    class body_parts;
    body_parts body() const noexcept;

    http::method method_;
    bool expects_continue_ = false;
    std::string target_;
    std::string_view switch_to_;  // a literal
    http::field_lines fields_;
    std::variant<std::string_view, std::string, io::block_writer> body_;
    std::optional<std::uint64_t> announced_;
};

class client_request::body_parts {
public:
    explicit body_parts(bytes_view whole) noexcept : left_{whole} {}
    explicit body_parts(io::block_writer::parts parts) noexcept : left_{parts} {}
    std::optional<bytes_view> next() noexcept;

private:
    std::variant<bytes_view, io::block_writer::parts> left_;
};

}  // namespace weir::inline v0::http
