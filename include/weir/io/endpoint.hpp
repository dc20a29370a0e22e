// Where to listen or connect: an IPv4 or IPv6 address with its port, or the path of a unix socket.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "weir/base/api.hpp"
#include "weir/base/lifetime.hpp"
#include "weir/base/result.hpp"

namespace weir::inline v0::io {

class WEIR_API endpoint {
public:
    enum class family : std::uint8_t { ipv4, ipv6, unix_path };

    // 127.0.0.1:0
    endpoint() noexcept : where_{inet{{127, 0, 0, 1}, 0, false}} {}

    // "127.0.0.1:8080", "[::1]:8080", "localhost:8080" (127.0.0.1), "unix:/run/x.sock". No name is
    // looked up.
    static result<endpoint> parse(std::string_view text);
    static endpoint ipv4(std::array<std::uint8_t, 4> address, std::uint16_t port) noexcept;
    static endpoint ipv6(std::array<std::uint8_t, 16> address, std::uint16_t port) noexcept;
    static endpoint unix_path(std::string_view path);

    enum family family() const noexcept;
    // Network order: 4 bytes or 16; zeros where it is a path.
    const std::array<std::uint8_t, 16>& address() const noexcept WEIR_LIFETIMEBOUND;
    // 0 where it is a path.
    std::uint16_t port() const noexcept;
    // Empty where it is an address.
    std::string_view path() const noexcept WEIR_LIFETIMEBOUND;
    // Only this machine can reach it.
    bool loopback() const noexcept;
    std::string text() const;

    friend bool operator==(const endpoint&, const endpoint&) = default;

private:
    struct inet {
        std::array<std::uint8_t, 16> address;
        std::uint16_t port;
        bool is_ipv6;
        friend bool operator==(const inet&, const inet&) = default;
    };

    std::variant<inet, std::string> where_;
};

}  // namespace weir::inline v0::io
