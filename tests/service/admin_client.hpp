// Asks a service's admin pages, which are its first listener.
#pragma once

#include <string>
#include <string_view>

#include "weir/service/service.hpp"

#include "support/blocking_client.hpp"

namespace weir::test {

// One loop, a little memory, no log.
inline service_options quiet_options() {
    service_options options;
    options.runtime.loops = 1;
    options.runtime.slabs = 64;
    options.log_level = log_level::off;
    return options;
}

struct admin_request {
    std::string_view method = "GET";
    std::string_view path;
    std::string_view host = "localhost";
    std::string_view body = {};
};

// The whole answer, head and body.
inline std::string ask(const service& service, const admin_request& asked) {
    blocking_client client{service.local(0)};
    std::string request{asked.method};
    request += ' ';
    request += asked.path;
    request += " HTTP/1.1\r\nConnection: close\r\nHost: ";
    request += asked.host;
    if (!asked.body.empty()) {
        request += "\r\nContent-Length: " + std::to_string(asked.body.size());
    }
    request += "\r\n\r\n";
    request += asked.body;
    client.send(request);
    return client.receive_all();
}

inline std::string get(const service& service, std::string_view path,
                       std::string_view host = "localhost") {
    return ask(service, {.path = path, .host = host});
}

}  // namespace weir::test
