#include "client_messages.hpp"

#include <algorithm>

#include "weir/json/escape.hpp"

namespace weir::inline v0::frame {
namespace {

using json::value;

std::string quoted(std::string_view text) {
    std::string made = "\"";
    json::append_escaped(made, text);
    return made + '"';
}

// A code that a later version has added says that something went wrong, and what is in its text.
errc code_of(std::string_view name) noexcept {
    for (auto at = static_cast<unsigned>(errc::end_of_stream);
         at <= static_cast<unsigned>(errc::system); ++at)
        if (to_string(static_cast<errc>(at)) == name) return static_cast<errc>(at);
    return errc::internal;
}

class top_members final : public json::visitor {
public:
    result<> on_member(std::string_view name, const value& value) override {
        if (name == "id") {
            has_id = true;
            null_id = value.is == value::kind::null;
            if (value.is == value::kind::integer) id = value.integer;
        } else if (name == "error") {
            has_error = value.is == value::kind::object;
        } else if (name == "hello" || name == "goodbye") {
            (name == "hello" ? is_hello : is_goodbye) = value.is == value::kind::object;
        }
        return {};
    }

    std::optional<std::int64_t> id;
    bool has_id = false;
    bool null_id = false;
    bool has_error = false;
    bool is_hello = false;
    bool is_goodbye = false;
};

class error_members final : public json::visitor {
public:
    result<> on_member(std::string_view name, const value& value) override {
        if (value.is != value::kind::text) return {};
        if (name == "code") code = value.text;
        if (name == "title") title = value.text;
        if (name == "detail") detail = value.text;
        return {};
    }
    error made() const {
        const errc known = code_of(code);
        std::string text = detail.empty() ? title : detail;
        if (text.empty()) return known;
        return {known, std::move(text)};
    }

    std::string code;
    std::string title;
    std::string detail;
};

class hello_members final : public json::visitor {
public:
    result<> on_member(std::string_view name, const value& value) override {
        if (name == "protocol" && value.is == value::kind::text) protocol = value.text;
        if (value.is != value::kind::integer || value.integer < 1) return {};
        if (name == "version") version = value.integer;
        if (name == "in_flight") in_flight = static_cast<std::size_t>(value.integer);
        if (name == "max_frame") max_frame = static_cast<std::size_t>(value.integer);
        return {};
    }

    std::string protocol;
    std::int64_t version = 0;
    std::size_t in_flight = 1;
    std::size_t max_frame = std::size_t{64} * 1024;
};

result<server_message> hello_of(const json::reader& from) {
    hello_members members;
    if (auto seen = from.each_member_of("hello", members); !seen)
        return std::unexpected{std::move(seen).error()};
    if (members.protocol != protocol_name || members.version != protocol_version)
        return fail(errc::unsupported, "the peer speaks " + members.protocol + ", version " +
                                           std::to_string(members.version) +
                                           "; weir, version 1, is what is known");
    server_message hello;
    hello.is = server_message::kind::hello;
    hello.in_flight = members.in_flight;
    hello.max_frame = members.max_frame;
    return hello;
}

// Behind the value that begins at `at`: a scalar, a string, or something in brackets.
std::size_t end_of_value(std::string_view json, std::size_t at) {
    std::size_t depth = 0;
    bool quoted = false;
    for (; at < json.size(); ++at) {
        const char byte = json[at];
        if (quoted) {
            if (byte == '\\') ++at;
            if (byte == '"') quoted = false;
        } else if (byte == '"') {
            quoted = true;
        } else if (byte == '{' || byte == '[') {
            ++depth;
        } else if (depth > 0) {
            depth -= byte == '}' || byte == ']' ? 1 : 0;
        } else if (byte == ',' || byte == '}') {
            return at;
        }
    }
    return at;
}

}  // namespace

result<server_message> message_reader::read(bytes_view frame) {
    if (auto parsed = reader_.parse(frame); !parsed)
        return std::unexpected{std::move(parsed).error()};
    top_members top;
    if (auto seen = reader_.each_member(top); !seen)
        return std::unexpected{std::move(seen).error()};
    if (top.is_hello) return hello_of(reader_);
    server_message message;
    if (top.is_goodbye) {
        message.is = server_message::kind::goodbye;
        return message;
    }
    if (top.has_error) {
        error_members why;
        if (auto seen = reader_.each_member_of("error", why); !seen)
            return std::unexpected{std::move(seen).error()};
        message.why = why.made();
    }
    if (top.has_error && top.null_id) {
        message.is = server_message::kind::refusal;
        return message;
    }
    if (!top.id) return fail(errc::malformed, "the peer sent a message that is none");
    message.id = *top.id;
    return message;
}

std::string hello_message(std::string_view token) {
    std::string text = R"({"hello":{"protocol":"weir","version":1)";
    if (!token.empty()) text += ",\"token\":" + quoted(token);
    return text + "}}";
}

std::string cancel_message(std::int64_t id) { return "{\"cancel\":" + std::to_string(id) + '}'; }

std::string call_message(std::int64_t id, std::string_view call, duration timeout) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(timeout).count();
    std::string text = "{\"id\":" + std::to_string(id) + ",\"timeout_ms\":";
    text += std::to_string(std::max<std::int64_t>(left, 1));
    text += ',';
    text += call;
    return text;
}

std::string call_text(std::string_view name, std::string_view params) {
    std::string text = "\"call\":" + quoted(name);
    if (!params.empty()) text.append(",\"params\":").append(params);
    return text + '}';
}

std::string without_id(std::string_view frame) {
    std::size_t at = frame.find('{') + 1;
    std::string kept{"{"};
    while (at < frame.size()) {
        const std::size_t key = frame.find_first_not_of(" \t\r\n,", at);
        if (key == std::string_view::npos || frame[key] != '"') break;
        const std::size_t end = end_of_value(frame, key);
        if (!frame.substr(key).starts_with("\"id\"")) {
            if (kept.size() > 1) kept += ',';
            kept += frame.substr(key, end - key);
        }
        at = end;
    }
    return kept + '}';
}

}  // namespace weir::inline v0::frame
