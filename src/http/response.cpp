#include "weir/http/response.hpp"

#include <cstring>
#include <utility>

#include "weir/base/utf8.hpp"
#include "weir/json/escape.hpp"
#include "weir/task/frame_pool.hpp"

namespace weir::inline v0::http {
namespace {

constexpr static_fields plain_text = "Content-Type: text/plain; charset=utf-8\r\n";
constexpr static_fields html_text = "Content-Type: text/html; charset=utf-8\r\n";
constexpr static_fields json_type = "Content-Type: application/json\r\n";
constexpr static_fields problem_type = "Content-Type: application/problem+json\r\n";

template <class Body>
response make(status status, static_fields type, Body&& body) {
    response made{status, type};
    made.set_body(std::forward<Body>(body));
    return made;
}

void append_quoted(std::string& to, std::string_view text) {
    to += '"';
    json::append_escaped(to, text);
    to += '"';
}

// Where there is one that JSON can hold.
void append_member(std::string& to, std::string_view name, std::string_view text) {
    if (text.empty() || !is_utf8(text)) return;
    to += ',';
    append_quoted(to, name);
    to += ':';
    append_quoted(to, text);
}

}  // namespace

struct response::made_body {
    template <class Kind, class... Arguments>
    explicit made_body(std::in_place_type_t<Kind> kind, Arguments&&... parts)
        : body{kind, std::forward<Arguments>(parts)...} {}

    static void* operator new(std::size_t size) { return frame_pool::allocate(size); }
    static void operator delete(void* memory, std::size_t size) noexcept {
        frame_pool::release(memory, size);
    }

    std::variant<std::string, io::block_writer, streamed_body, protocol_switch> body;
};

void response::made_deleter::operator()(made_body* made) const noexcept { delete made; }

template <class Kind, class... Arguments>
void response::make_body(Arguments&&... parts) {
    made_.reset(new made_body{std::in_place_type<Kind>, std::forward<Arguments>(parts)...});
    text_ = {};
}

void response::own_body(std::string&& text) { make_body<std::string>(std::move(text)); }
void response::set_body(io::block_writer&& written) {
    make_body<io::block_writer>(std::move(written));
}
void response::stream(body_function write) {
    make_body<streamed_body>(std::move(write), std::nullopt);
}
void response::stream(std::uint64_t bytes, body_function write) {
    make_body<streamed_body>(std::move(write), bytes);
}
void response::switch_to(static_protocol protocol, connection_function serve) {
    make_body<protocol_switch>(protocol, std::move(serve));
}

streamed_body* response::made_streamed() const noexcept {
    return std::get_if<streamed_body>(&made_->body);
}
protocol_switch* response::made_switch() const noexcept {
    return std::get_if<protocol_switch>(&made_->body);
}

std::size_t response::made_size() const noexcept {
    return std::visit([](const auto& body) -> std::size_t { return body.size(); }, made_->body);
}

response::body_parts response::body() const noexcept {
    if (!made_) return body_parts{as_bytes(text_)};
    if (const auto* written = std::get_if<io::block_writer>(&made_->body)) {
        return body_parts{written->all_parts()};
    }
    const auto* text = std::get_if<std::string>(&made_->body);
    return body_parts{text != nullptr ? as_bytes(*text) : bytes_view{}};
}

void response::copy_made(std::byte* to) const noexcept {
    for (auto parts = body(); const auto part = parts.next();) {
        std::memcpy(to, part->data(), part->size());
        to += part->size();
    }
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

response switch_protocols(static_protocol protocol, connection_function serve) {
    response made{status::switching_protocols};
    made.switch_to(protocol, std::move(serve));
    return made;
}

response problem(status status, std::string_view title, std::string_view detail,
                 std::string_view code) {
    std::string body = "{\"title\":";
    append_quoted(body, is_utf8(title) ? title : reason_phrase(status));
    body += ",\"status\":" + std::to_string(code_of(status));
    append_member(body, "detail", detail);
    append_member(body, "code", code);
    body += '}';
    return make(status, problem_type, std::move(body));
}

response problem(status status) { return problem(status, reason_phrase(status)); }

}  // namespace weir::inline v0::http
