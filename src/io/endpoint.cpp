#include "weir/io/endpoint.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>

namespace weir::inline v0::io {
namespace {

constexpr std::string_view unix_prefix = "unix:";

result<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (text.empty() || problem != std::errc{} || end != text.data() + text.size()) {
        return fail(errc::invalid_argument, "not a port (0 to 65535): " + std::string{text});
    }
    return port;
}

}  // namespace

result<endpoint> endpoint::parse(std::string_view text) {
    if (text.starts_with(unix_prefix)) {
        const auto path = text.substr(unix_prefix.size());
        if (path.empty() || path.size() > 107) {
            return fail(errc::invalid_argument, "a unix socket's path has 1 to 107 bytes");
        }
        return unix_path(path);
    }
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return fail(errc::invalid_argument, "no port in address: " + std::string{text});
    }
    auto port = parse_port(text.substr(colon + 1));
    if (!port) return std::unexpected{std::move(port).error()};

    std::string host{text.substr(0, colon)};
    if (host == "localhost") host = "127.0.0.1";
    std::array<std::uint8_t, 16> bytes{};
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
        if (inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1) return ipv6(bytes, *port);
    } else if (inet_pton(AF_INET, host.c_str(), bytes.data()) == 1) {
        return ipv4({bytes[0], bytes[1], bytes[2], bytes[3]}, *port);
    }
    return fail(errc::invalid_argument, "not an IP address: " + host);
}

endpoint endpoint::ipv4(std::array<std::uint8_t, 4> address, std::uint16_t port) noexcept {
    inet made{{}, port, false};
    std::copy(address.begin(), address.end(), made.address.begin());
    endpoint at;
    at.where_ = made;
    return at;
}

endpoint endpoint::ipv6(std::array<std::uint8_t, 16> address, std::uint16_t port) noexcept {
    endpoint at;
    at.where_ = inet{address, port, true};
    return at;
}

endpoint endpoint::unix_path(std::string_view path) {
    endpoint at;
    at.where_ = std::string{path};
    return at;
}

enum endpoint::family endpoint::family() const noexcept {
    const auto* const at = std::get_if<inet>(&where_);
    if (at == nullptr) return family::unix_path;
    return at->is_ipv6 ? family::ipv6 : family::ipv4;
}

const std::array<std::uint8_t, 16>& endpoint::address() const noexcept {
    static constexpr std::array<std::uint8_t, 16> none{};
    const auto* const at = std::get_if<inet>(&where_);
    return at == nullptr ? none : at->address;
}

std::uint16_t endpoint::port() const noexcept {
    const auto* const at = std::get_if<inet>(&where_);
    return at == nullptr ? std::uint16_t{0} : at->port;
}

std::string_view endpoint::path() const noexcept {
    const auto* const at = std::get_if<std::string>(&where_);
    return at == nullptr ? std::string_view{} : std::string_view{*at};
}

bool endpoint::loopback() const noexcept {
    switch (family()) {
        case family::unix_path:
            return true;
        case family::ipv4:
            return address()[0] == 127;
        case family::ipv6:
            return address()[15] == 1 && std::all_of(address().begin(), address().end() - 1,
                                                     [](auto b) { return b == 0; });
    }
    return false;
}

std::string endpoint::text() const {
    std::array<char, INET6_ADDRSTRLEN> host{};
    switch (family()) {
        case family::unix_path:
            return std::string{unix_prefix}.append(path());
        case family::ipv4:
            inet_ntop(AF_INET, address().data(), host.data(), host.size());
            return std::string{host.data()} + ':' + std::to_string(port());
        case family::ipv6:
            inet_ntop(AF_INET6, address().data(), host.data(), host.size());
            return '[' + std::string{host.data()} + "]:" + std::to_string(port());
    }
    return {};
}

}  // namespace weir::inline v0::io
