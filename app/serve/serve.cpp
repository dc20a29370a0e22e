#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "weir/db/database_metrics.hpp"
#include "weir/http/server.hpp"
#include "weir/io/blocking.hpp"
#include "weir/service/service.hpp"

#include "app/api/bearer.hpp"
#include "app/api/frames_api.hpp"
#include "app/api/http_api.hpp"
#include "app/command.hpp"
#include "app/data/data_service.hpp"
#include "app/data/database_check.hpp"
#include "app/data/migrations.hpp"
#include "app/serve/machine_check.hpp"
#include "app/serve/program_options.hpp"
#include "app/serve/user.hpp"

namespace weir::app {

namespace {

int tell(const problems& found) {
    fmt::print(stderr, "{}", found.text());
    return exit_configuration;
}

// Tells which of the configuration's addresses cannot be listened on; the service would know the
// address only, and not the key.
class address_trial {
public:
    address_trial(service& service, problems& found) : service_{service}, found_{found} {}

    void listen(const std::string& address, const place& where, std::string key) {
        const auto at = io::endpoint::parse(address);
        if (!at) return found_.add(where, std::move(key), at.error().message());
        addresses_.push_back(*at);
        if (service_.has_inherited(*at)) return;
        io::listen_options options;
        options.owner_only = true;
        const auto listener = service_.runtime().at(0).engine().listen(*at, options);
        if (!listener) found_.add(where, std::move(key), listener.error().message());
    }
    // Of all that were tried.
    const std::vector<io::endpoint>& addresses() const noexcept { return addresses_; }

private:
    service& service_;
    problems& found_;
    std::vector<io::endpoint> addresses_;
};

// Errors: a socket was passed that is at none of them.
result<> try_addresses(const config& read, service& service, problems& found) {
    address_trial trial{service, found};
    if (read.http.listen)
        trial.listen(to_string(*read.http.listen), read.http.where, "http.listen");
    if (read.frames.listen)
        trial.listen(to_string(*read.frames.listen), read.frames.where, "frames.listen");
    if (read.admin.listen)
        trial.listen(to_string(*read.admin.listen), read.admin.where, "admin.listen");
    if (!read.service.takeover.empty())
        trial.listen("unix:" + read.service.takeover.string(), read.service.where_takeover,
                     "service.takeover");
    return service.check_inherited(trial.addresses());
}

// Whose sockets there are already. A predecessor goes on if anything is wrong from here on.
result<> inherit(const config_reading& all, bool takeover, service& service, problems& found) {
    auto inherited = service.inherit();
    if (!inherited || !takeover) return inherited;
    const service_config& own = all.read.service;
    if (own.takeover.empty()) {
        found.add(own.where_takeover, "service.takeover", "is needed for --takeover");
        return {};
    }
    auto taken = service.take_over();
    if (taken || taken.error() != errc::refused) return taken;
    service.log().info(fmt::format("nobody to take over from at {}", own.takeover.string()));
    return {};
}

// Everything but the service itself, which outlives it.
class program {
public:
    program(const config& read, class service& service, db::database database,
            std::vector<served_endpoint> endpoints)
        : database_{std::move(database)},
          data_{database_, service.log(), std::move(endpoints), read.database.statement_timeout},
          http_{data_, read, service.runtime().size()},
          frames_{data_, read, service.metrics()},
          admin_tokens_{read.admin.auth},
          database_metrics_{service.metrics(), database_} {
        if (read.http.listen)
            service.listen(to_string(*read.http.listen),
                           http::serve(http_.routes(), http_options_of(read, service)), "http");
        if (read.frames.listen)
            service.listen(
                to_string(*read.frames.listen),
                [this](net::connection& connection) { return frames_.serve(connection); },
                "frames");
        if (read.admin.listen)
            service.admin(to_string(*read.admin.listen), read.admin.hosts,
                          [this](const http::request& request, admin_reach reach) {
                              const bool write = reach == admin_reach::control;
                              return refuse_bearer(admin_tokens_, request, write);
                          });
        service.ready_when("database", [this] { return data_.health(io::blocking_pool::now()); });
    }

private:
    db::database database_;
    data_service data_;
    http_api http_;
    frames_api frames_;
    token_check admin_tokens_;
    db::database_metrics database_metrics_;
};

// What is allowed, and not wise.
void warn(const config_reading& all, log& log) {
    for (const problem& each : all.advice) log.warning(to_string(each));
    const listener_config& admin = all.read.admin;
    for (const auto& [key, at] :
         {std::pair{"http", &all.read.http}, std::pair{"frames", &all.read.frames},
          std::pair{"admin", &admin}})
        if (at->listen && !at->listen->loopback && at->auth.in_use())
            log.warning(
                fmt::format("{}.auth: tokens cross the network as they are, for want of "
                            "TLS: put a proxy that has it in front",
                            key));
}

// A schema is not changed for a configuration that would not be served with it.
bool migrate(const config_reading& all, log& log, problems& found) {
    if (all.read.database.migrations.empty()) return true;
    const auto tried = rehearse_migrations(all.read, found);
    if (!tried) return false;
    check_endpoints(all.read, *tried, found);
    const auto applied = [&](std::string_view name) {
        log.info(fmt::format("applied migration {}", name));
    };
    return found.empty() && apply_migrations(all.read, applied, found);
}

int serve(const config_reading& all, bool takeover, problems& found) {
    service service{service_options_of(all.read)};
    warn(all, service.log());
    auto usable = inherit(all, takeover, service, found);
    if (usable) usable = try_addresses(all.read, service, found);
    if (!usable) {
        service.log().error(usable.error().message());
        return tell(found);
    }
    if (!migrate(all, service.log(), found)) return tell(found);
    auto database = open_database(all.read, service.blocking(), database_access::serve);
    if (!database) {
        const database_config& at = all.read.database;
        found.add(at.url, at.url_key, database.error().message());
        return tell(found);
    }
    auto endpoints = check_endpoints(all.read, *database, found);
    if (!found.empty()) return tell(found);
    const program program{all.read, service, std::move(*database), std::move(endpoints)};
    return service.run();
}

}  // namespace

int serve(const serve_command& command) {
    config_reading all = read_config(command.file);
    check_machine(all);
    if (!all.found.empty()) return tell(all.found);
    if (auto left = leave_root(all.read.service.user); !left) {
        fmt::print(stderr, "weir: {}\n", left.error().message());
        return exit_configuration;
    }
    try {
        return serve(all, command.takeover, all.found);
    } catch (const std::exception& thrown) {
        fmt::print(stderr, "weir: {}\n", thrown.what());
        return exit_configuration;
    }
}

}  // namespace weir::app
