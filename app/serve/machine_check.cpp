#include "app/serve/machine_check.hpp"

#include "weir/io/make_engine.hpp"

#include "app/serve/user.hpp"

namespace weir::app {

void check_machine(config_reading& all) {
    const service_config& own = all.read.service;
    if (!own.user.empty()) {
        if (const auto user = check_user(own.user); !user)
            all.found.add(own.where_user, "service.user", user.error().message());
    }
    if (own.engine == engine_choice::uring) {
        if (const auto offered = io::probe_uring(); !offered)
            all.found.add(own.where_engine, "service.engine", offered.error().message());
    }
}

}  // namespace weir::app
