// What a configuration means in the library's own options.
#pragma once

#include "weir/http/server_options.hpp"
#include "weir/service/options.hpp"
#include "weir/service/service.hpp"

#include "app/config/config.hpp"

namespace weir::app {

service_options service_options_of(const config& read);
// Lifetime: the service outlives the server.
http::server_options http_options_of(const config& read, service& service);

}  // namespace weir::app
