// What a handler answers with: a status, fields, and a body.
//
// A value that moves and does not copy. The body is text that stays for good, a string of its own,
// blocks that were written for it, or a function that writes it while it is sent. Its length, the
// date and what concerns the connection are added when it is sent. Made on any loop; a written body
// belongs to the loop of its blocks.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "weir/base/api.hpp"
#include "weir/base/lambda_rule.hpp"
#include "weir/base/lifetime.hpp"
#include "weir/base/result.hpp"
#include "weir/http/body_writer.hpp"
#include "weir/http/field_lines.hpp"
#include "weir/http/static_fields.hpp"
#include "weir/http/static_protocol.hpp"
#include "weir/http/static_text.hpp"
#include "weir/http/status.hpp"
#include "weir/io/block_writer.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::http {

// Writes a body while it is sent; what it is made of has to outlive the answer. body_writer.hpp
// says when it runs, and what becomes of one that fails.
using body_function = std::move_only_function<task<result<>>(body_writer&)>;

struct streamed_body {
    streamed_body(body_function write, std::optional<std::uint64_t> size) noexcept
        : write{std::move(write)}, promised{size} {}

    std::size_t size() const noexcept { return promised.value_or(0); }

    body_function write;
    std::optional<std::uint64_t> promised;
};

// Has a connection to itself once HTTP is over; what it is made of has to outlive the connection.
using connection_function = std::move_only_function<task<>(net::connection&)>;

struct protocol_switch {
    protocol_switch(static_protocol protocol, connection_function serve) noexcept
        : protocol{protocol.view()}, serve{std::move(serve)} {}

    std::size_t size() const noexcept { return 0; }

    std::string_view protocol;
    connection_function serve;
};

class WEIR_API response {
public:
    // Without a body.
    explicit response(http::status status = http::status::ok) noexcept : status_{status} {}
    // With its first fields.
    response(http::status status, static_fields first) noexcept : status_{status}, fields_{first} {}
    response(response&&) noexcept = default;
    response& operator=(response&&) noexcept = default;

    http::status status() const noexcept { return status_; }
    void set_status(http::status status) noexcept { status_ = status; }

    // Adds a field, behind others of the same name. Errors: invalid_argument for a name that is no
    // token, a value with CR, LF, NUL or another control character, and the fields that the
    // connection writes itself; too_large where the fields exceed 8 KiB. Nothing is added then.
    result<> add(std::string_view name, std::string_view value) { return fields_.add(name, value); }
    // Lifetime: this response, until a field is added or it moves.
    std::string_view field_lines() const noexcept WEIR_LIFETIMEBOUND { return fields_.text(); }

    // Throw std::bad_alloc, unless it is a literal.
    void set_body(static_text text) noexcept {
        made_.reset();
        text_ = text.view();
    }
    void set_body(io::block_writer&& written);
    template <std::same_as<std::string> String>
    void set_body(String&& text) {
        own_body(std::move(text));
    }

    // The body will be written piece by piece: in chunks, or up to the end of the connection where
    // the peer speaks HTTP/1.0. Not for HEAD, nor for a status without a body: nobody is asked to
    // write then. The request stays as long.
    void stream(body_function write);
    // The same for a body of exactly so many bytes.
    void stream(std::uint64_t bytes, body_function write);
    // Null where the body is not streamed.
    streamed_body* streamed() noexcept { return made_ ? made_streamed() : nullptr; }
    const streamed_body* streamed() const noexcept { return made_ ? made_streamed() : nullptr; }

    // HTTP is over with this: see http::switch_protocols.
    void switch_to(static_protocol protocol, connection_function serve);
    // Null where HTTP goes on.
    protocol_switch* switches() noexcept { return made_ ? made_switch() : nullptr; }

    // Of a streamed body what was promised.
    std::size_t body_size() const noexcept { return made_ ? made_size() : text_.size(); }
    // The body's bytes, piece after piece; none of a streamed one. Lifetime: this response.
    class body_parts;
    body_parts body() const noexcept WEIR_LIFETIMEBOUND;
    // All of them behind one another; to has room for body_size().
    void copy_body(std::byte* to) const noexcept {
        if (made_) return copy_made(to);
        std::memcpy(to, text_.data(), text_.size());
    }

private:
    // A body that is no literal, in memory from the loop's free list: a response goes through many
    // hands, and so it is a cache line, and moving it a few instructions.
    struct made_body;
    struct made_deleter {
        void operator()(made_body* made) const noexcept;
    };
    template <class Kind, class... Arguments>
    void make_body(Arguments&&... parts);
    void own_body(std::string&& text);
    streamed_body* made_streamed() const noexcept;
    protocol_switch* made_switch() const noexcept;
    std::size_t made_size() const noexcept;
    void copy_made(std::byte* to) const noexcept;

    http::status status_;
    http::field_lines fields_;
    std::string_view text_;  // the body, unless it is made
    std::unique_ptr<made_body, made_deleter> made_;
};

class WEIR_API response::body_parts {
public:
    explicit body_parts(bytes_view whole) noexcept : left_{whole} {}
    explicit body_parts(io::block_writer::parts parts) noexcept : left_{parts} {}
    std::optional<bytes_view> next() noexcept;

private:
    std::variant<bytes_view, io::block_writer::parts> left_;
};

// Answers of the usual types; the text of a body is a literal or a string that is moved in, never a
// view of something that may go away.
WEIR_API response text(static_text body, status status = status::ok);
WEIR_API response html(static_text body, status status = status::ok);
WEIR_API response json(static_text body, status status = status::ok);
WEIR_API response json(io::block_writer&& body, status status = status::ok);

WEIR_API response text_of(std::string&& body, status status);
WEIR_API response html_of(std::string&& body, status status);
WEIR_API response json_of(std::string&& body, status status);

template <std::same_as<std::string> String>
response text(String&& body, status status = status::ok) {
    return text_of(std::move(body), status);
}
template <std::same_as<std::string> String>
response html(String&& body, status status = status::ok) {
    return html_of(std::move(body), status);
}
template <std::same_as<std::string> String>
response json(String&& body, status status = status::ok) {
    return json_of(std::move(body), status);
}

// Goes on with another protocol (RFC 9110 section 7.8): when 101 (Switching Protocols) has been
// sent, serve has the connection, with what its peer has sent meanwhile in its input. The request
// is gone by then, and so are its deadline and its place in flight; a drain is for serve to heed,
// and the connection is closed when serve has ended. Where the request did not ask for this
// protocol, in HTTP/1.1 and with Connection: upgrade, it is answered with 426; where its body was
// not read, with 400.
WEIR_API response switch_protocols(static_protocol protocol, connection_function serve);

// A problem document (RFC 9457): the title names the kind of problem, the detail this occurrence of
// it, for people. The code, a member of our own, is for programs that the status tells too little.
// A detail that is not UTF-8 is left out, and so is a code.
WEIR_API response problem(status status, std::string_view title, std::string_view detail = {},
                          std::string_view code = {});
// Titled with the status's own words.
WEIR_API response problem(status status);

}  // namespace weir::inline v0::http
