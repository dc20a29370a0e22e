// The pages for those who run a service: /metrics, /healthz, /readyz and an index.
//
// Host is checked, so that a web page elsewhere cannot read them through its visitor's browser by
// giving a name of its own this machine's address (DNS rebinding).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "state.hpp"

namespace weir::inline v0 {

// Which hosts a request may name: this machine's own names, with any port, the address, where it
// is that of all interfaces any address, since no name can be rebound to a number, and those that
// are configured.
class admin_hosts {
public:
    admin_hosts(io::endpoint address, std::vector<std::string> names)
        : address_{std::move(address)}, names_{std::move(names)} {}

    bool has(std::string_view host) const;

private:
    io::endpoint address_;
    std::vector<std::string> names_;
};

// service outlives what serves the pages.
connection_handler make_admin_pages(service_state& service, const admin_hosts& hosts);

}  // namespace weir::inline v0
