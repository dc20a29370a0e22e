#include "app/config/listen_address.hpp"

#include <charconv>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace weir::app {

namespace {

// A port in digits alone: no sign, no blank, nothing behind.
std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const char* end = text.data() + text.size();
    const auto [rest, wrong] = std::from_chars(text.data(), end, port);
    if (wrong != std::errc{} || rest != end) return std::nullopt;
    return port;
}

bool is_loopback(const in6_addr& address) noexcept {
    if (IN6_IS_ADDR_V4MAPPED(&address)) return address.s6_addr[12] == 127;
    return IN6_IS_ADDR_LOOPBACK(&address);
}

}  // namespace

std::string to_string(const listen_address& address) {
    const bool six = address.host.find(':') != std::string::npos;
    return (six ? '[' + address.host + ']' : address.host) + ':' + std::to_string(address.port);
}

std::optional<listen_address> parse_listen_address(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto port = parse_port(text.substr(colon + 1));
    std::string host{text.substr(0, colon)};
    // inet_pton reads up to a NUL.
    if (!port || host.find('\0') != std::string::npos) return std::nullopt;

    in_addr four{};
    if (inet_pton(AF_INET, host.c_str(), &four) == 1)
        return listen_address{host, *port, (ntohl(four.s_addr) >> 24) == 127};
    if (host.size() < 2 || host.front() != '[' || host.back() != ']') return std::nullopt;
    host = host.substr(1, host.size() - 2);
    in6_addr six{};
    if (inet_pton(AF_INET6, host.c_str(), &six) != 1) return std::nullopt;
    return listen_address{host, *port, is_loopback(six)};
}

}  // namespace weir::app
