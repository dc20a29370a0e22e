#include "weir/http/response.hpp"

#include <cstring>
#include <utility>

#include "weir/base/utf8.hpp"
#include "weir/json/escape.hpp"

namespace weir::inline v0::http {
namespace {

constexpr static_text plain_text = "Content-Type: text/plain; charset=utf-8\r\n";
constexpr static_text html_text = "Content-Type: text/html; charset=utf-8\r\n";
constexpr static_text json_type = "Content-Type: application/json\r\n";
constexpr static_text problem_type = "Content-Type: application/problem+json\r\n";

template <class Body>
response make(status status, static_text type, Body&& body) {
    response made{status, type};
    made.set_body(std::forward<Body>(body));
    return made;
}

void append_quoted(std::string& to, std::string_view text) {
    to += '"';
    json::append_escaped(to, text);
    to += '"';
}

}  // namespace

std::size_t response::body_size() const noexcept {
    return std::visit([](const auto& body) { return body.size(); }, body_);
}

response::body_parts response::body() const noexcept {
    if (const auto* written = std::get_if<io::block_writer>(&body_))
        return body_parts{written->all_parts()};
    if (const auto* text = std::get_if<std::string>(&body_)) return body_parts{as_bytes(*text)};
    if (const auto* text = std::get_if<std::string_view>(&body_)) {
        return body_parts{as_bytes(*text)};
    }
    return body_parts{bytes_view{}};
}

void response::copy_body(std::byte* to) const noexcept {
    const auto copy = [&](bytes_view part) {
        std::memcpy(to, part.data(), part.size());
        to += part.size();
    };
    if (const auto* text = std::get_if<std::string_view>(&body_)) return copy(as_bytes(*text));
    for (auto parts = body(); const auto part = parts.next();) copy(*part);
}

std::optional<bytes_view> response::body_parts::next() noexcept {
    if (auto* parts = std::get_if<io::block_writer::parts>(&left_)) return parts->next();
    const bytes_view whole = std::exchange(std::get<bytes_view>(left_), {});
    if (whole.empty()) return std::nullopt;
    return whole;
}

response text(static_text body, status status) { return make(status, plain_text, body); }
response html(static_text body, status status) { return make(status, html_text, body); }
response json(static_text body, status status) { return make(status, json_type, body); }
response json(io::block_writer&& body, status status) {
    return make(status, json_type, std::move(body));
}

response text_of(std::string&& body, status status) {
    return make(status, plain_text, std::move(body));
}
response html_of(std::string&& body, status status) {
    return make(status, html_text, std::move(body));
}
response json_of(std::string&& body, status status) {
    return make(status, json_type, std::move(body));
}

response switch_protocols(static_text protocol, connection_function serve) {
    response made{status::switching_protocols};
    made.switch_to(protocol, std::move(serve));
    return made;
}

response problem(status status, std::string_view title, std::string_view detail) {
    std::string body = "{\"title\":";
    append_quoted(body, is_utf8(title) ? title : reason_phrase(status));
    body += ",\"status\":" + std::to_string(code_of(status));
    if (!detail.empty() && is_utf8(detail)) {
        body += ",\"detail\":";
        append_quoted(body, detail);
    }
    body += '}';
    return make(status, problem_type, std::move(body));
}

response problem(status status) { return problem(status, reason_phrase(status)); }

}  // namespace weir::inline v0::http
