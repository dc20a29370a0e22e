// The pages for those who run a service: /metrics, /healthz, /readyz and an index.
//
// Host is checked, so that a web page elsewhere cannot read them through its visitor's browser by
// giving a name of its own this machine's address (DNS rebinding).
#pragma once

#include <string_view>

#include "state.hpp"

namespace weir {

// service outlives what serves the pages.
connection_handler make_admin_pages(service_state& service, const io::endpoint& address);

// Whether a request that names this host may see admin pages at the address: this machine's names,
// with any port, and the address itself.
bool is_admin_host(std::string_view host, const io::endpoint& address);

}  // namespace weir
