// The pages for those who run a service: /metrics, /healthz, /readyz and an index.
//
// Host is checked, so that a web page elsewhere cannot read them through its visitor's browser by
// giving a name of its own this machine's address (DNS rebinding); then the guard, where there is
// one, is asked.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/http/request.hpp"
#include "weir/http/response.hpp"
#include "weir/service/admin_guard.hpp"

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

class admin_access {
public:
    admin_access(admin_hosts hosts, admin_guard guard)
        : hosts_{std::move(hosts)}, guard_{std::move(guard)} {}

    // The answer to a request that may not be answered otherwise.
    std::optional<http::response> refuse(const http::request& request, admin_reach reach) const;

private:
    admin_hosts hosts_;
    admin_guard guard_;
};

// service outlives what serves the pages.
connection_handler make_admin_pages(service_state& service, const admin_access& access);

}  // namespace weir::inline v0
