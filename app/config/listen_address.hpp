// Where a listener listens.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::app {

struct listen_address {
    std::string host;        // numeric, IPv6 without its brackets
    std::uint16_t port = 0;  // 0: any that is free
    bool loopback = false;   // only this machine can reach it

    friend bool operator==(const listen_address&, const listen_address&) = default;
};

// As it is parsed.
std::string to_string(const listen_address& address);

// "127.0.0.1:8080" or "[::1]:8080". Addresses only: resolving a name may block, and may change.
std::optional<listen_address> parse_listen_address(std::string_view text);

}  // namespace weir::app
