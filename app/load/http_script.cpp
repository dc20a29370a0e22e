#include "app/load/http_script.hpp"

#include <limits>

#include <fmt/format.h>

#include "weir/http/field.hpp"
#include "weir/http/target.hpp"

#include "app/load/http_dialogue.hpp"

namespace weir::app {
namespace {

error unusable(std::string text) { return error{errc::invalid_argument, std::move(text)}; }

bool has_port(std::string_view authority) noexcept {
    const std::size_t colon = authority.rfind(':');
    return colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
}

std::string_view trim(std::string_view text) noexcept {
    const std::size_t first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

}  // namespace

result<std::unique_ptr<http_script>> http_script::read(const http_request_words& words) {
    std::unique_ptr<http_script> made{new http_script};
    if (auto taken = made->take_url(words.url); !taken) return fail(std::move(taken).error());
    if (auto taken = made->take_method(words.method, !words.body.empty()); !taken)
        return fail(std::move(taken).error());
    if (auto written = made->write(words); !written) return fail(std::move(written).error());
    made->title_ = fmt::format("{} {}", http::to_string(made->method_), words.url);
    made->limits_.max_body_bytes = std::numeric_limits<std::int64_t>::max();
    return made;
}

result<> http_script::take_url(std::string_view url) {
    constexpr std::string_view scheme = "http://";
    if (!url.starts_with(scheme)) return fail(unusable("the target is http://ADDRESS:PORT/PATH"));
    url.remove_prefix(scheme.size());
    const std::size_t end = std::min(url.find_first_of("/?"), url.size());
    authority_ = url.substr(0, end);
    target_ = url.substr(end);
    if (!target_.starts_with('/')) target_.insert(0, "/");
    auto at = io::endpoint::parse(has_port(authority_) ? authority_ : authority_ + ":80");
    if (!at) return fail(unusable(fmt::format("{}: a numeric address and a port", authority_)));
    to_ = std::move(*at);
    if (!http::target::parse(target_)) return fail(unusable(fmt::format("{}: no path", target_)));
    return {};
}

result<> http_script::take_method(std::string_view method, bool has_body) {
    if (method.empty()) method = has_body ? "POST" : "GET";
    const auto known = http::parse_method(method);
    if (!known || *known == http::method::connect)
        return fail(unusable(fmt::format("{}: no method", method)));
    method_ = *known;
    return {};
}

result<> http_script::write(const http_request_words& words) {
    bytes_ = fmt::format("{} {} HTTP/1.1\r\n", http::to_string(method_), target_);
    bool names_host = false;
    for (const std::string_view line : words.fields) {
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos)
            return fail(unusable(fmt::format("{}: a field is \"Name: value\"", line)));
        const std::string_view name = line.substr(0, colon);
        const std::string_view value = trim(line.substr(colon + 1));
        if (auto good = http::check_field(name, value); !good) return good;
        if (http::equals_ignoring_case(name, "content-length") ||
            http::equals_ignoring_case(name, "transfer-encoding"))
            return fail(unusable(fmt::format("{}: the body's length is told by itself", name)));
        names_host = names_host || http::equals_ignoring_case(name, "host");
        bytes_ += fmt::format("{}: {}\r\n", name, value);
    }
    if (!names_host) bytes_ += fmt::format("Host: {}\r\n", authority_);
    if (!words.body.empty()) bytes_ += fmt::format("Content-Length: {}\r\n", words.body.size());
    bytes_ += "\r\n";
    bytes_ += words.body;
    return {};
}

std::unique_ptr<dialogue> http_script::begin(std::size_t depth) {
    http_dialogue::shared_words words{as_bytes(bytes_), method_, &limits_};
    return std::make_unique<http_dialogue>(words, depth);
}

}  // namespace weir::app
