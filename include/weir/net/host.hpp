// Whom to connect to: an address, or a name that is looked up when it is needed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/result.hpp"
#include "weir/io/endpoint.hpp"

namespace weir::inline v0::net {

class WEIR_API host {
public:
    explicit host(io::endpoint address) : address_{std::move(address)} {}

    // What io::endpoint::parse takes, or "name:port" of a name (RFC 1123, section 2.1).
    static result<host> parse(std::string_view text);

    // Nothing where the name has to be looked up.
    const std::optional<io::endpoint>& address() const noexcept { return address_; }
    const std::string& name() const noexcept { return name_; }
    std::uint16_t port() const noexcept { return port_; }
    std::string text() const;

private:
    host(std::string_view name, std::uint16_t port) : name_{name}, port_{port} {}

    std::optional<io::endpoint> address_;
    std::string name_;
    std::uint16_t port_ = 0;
};

}  // namespace weir::inline v0::net
