// What a handler answers with: a status, fields, and a body.
//
// A value that moves and does not copy. The body is text that stays for good, a string of its own,
// or blocks that were written for it. Its length, the date and what concerns the connection are
// added when it is sent. Made on any loop; a written body belongs to the loop of its blocks.
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "weir/base/api.hpp"
#include "weir/base/result.hpp"
#include "weir/http/field_lines.hpp"
#include "weir/http/static_text.hpp"
#include "weir/http/status.hpp"
#include "weir/io/block_writer.hpp"

namespace weir::inline v0::http {

class WEIR_API response {
public:
    // Without a body.
    explicit response(http::status status = http::status::ok) noexcept : status_{status} {}
    // With a first field line, as field_lines takes it.
    response(http::status status, static_text field_line) noexcept
        : status_{status}, fields_{field_line} {}
    response(response&&) noexcept = default;
    response& operator=(response&&) noexcept = default;

    http::status status() const noexcept { return status_; }
    void set_status(http::status status) noexcept { status_ = status; }

    // Adds a field, behind others of the same name. Errors: invalid_argument for a name that is no
    // token, a value with CR, LF, NUL or another control character, and the fields that the
    // connection writes itself; too_large where the fields exceed 8 KiB. Nothing is added then.
    result<> add(std::string_view name, std::string_view value) { return fields_.add(name, value); }
    // Lifetime: this response, until a field is added or it moves.
    std::string_view field_lines() const noexcept { return fields_.text(); }

    void set_body(static_text text) noexcept { body_ = text.view(); }
    void set_body(io::block_writer&& written) noexcept { body_ = std::move(written); }
    template <std::same_as<std::string> String>
    void set_body(String&& text) noexcept {
        body_ = std::move(text);
    }

    std::size_t body_size() const noexcept;
    // The body's bytes, piece after piece. Lifetime: this response.
    class body_parts;
    body_parts body() const noexcept;
    // All of them behind one another; to has room for body_size().
    void copy_body(std::byte* to) const noexcept;

private:
    http::status status_;
    http::field_lines fields_;
    std::variant<std::string_view, std::string, io::block_writer> body_;
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

// A problem document (RFC 9457): the title names the kind of problem, the detail this occurrence of
// it, for people. A detail that is not UTF-8 is left out.
WEIR_API response problem(status status, std::string_view title, std::string_view detail = {});
// Titled with the status's own words.
WEIR_API response problem(status status);

}  // namespace weir::inline v0::http
