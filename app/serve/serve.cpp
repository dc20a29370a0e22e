#include <cstdio>
#include <exception>
#include <string>

#include <fmt/format.h>

#include "weir/db/database_metrics.hpp"
#include "weir/http/server.hpp"
#include "weir/io/blocking.hpp"
#include "weir/service/service.hpp"

#include "app/api/frames_api.hpp"
#include "app/api/http_api.hpp"
#include "app/command.hpp"
#include "app/data/data_service.hpp"
#include "app/data/database_check.hpp"
#include "app/data/migrations.hpp"
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
template <class Listener>
void try_listening(io::engine& engine, const Listener& at, std::string key, problems& found) {
    if (!at.listen) return;
    const auto where = io::endpoint::parse(to_string(*at.listen));
    if (!where) return found.add(at.where, std::move(key), where.error().message());
    if (const auto listener = engine.listen(*where, {}); !listener)
        found.add(at.where, std::move(key), listener.error().message());
}

void try_addresses(const config& read, io::engine& engine, problems& found) {
    try_listening(engine, read.http, "http.listen", found);
    try_listening(engine, read.frames, "frames.listen", found);
    try_listening(engine, read.admin, "admin.listen", found);
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
          database_metrics_{service.metrics(), database_} {
        if (read.http.listen)
            service.listen(to_string(*read.http.listen),
                           http::serve(http_.routes(), http_options_of(read, service)), "http");
        if (read.frames.listen)
            service.listen(
                to_string(*read.frames.listen),
                [this](net::connection& connection) { return frames_.serve(connection); },
                "frames");
        if (read.admin.listen) service.admin(to_string(*read.admin.listen), read.admin.hosts);
        service.ready_when("database", [this] { return data_.health(io::blocking_pool::now()); });
    }

private:
    db::database database_;
    data_service data_;
    http_api http_;
    frames_api frames_;
    db::database_metrics database_metrics_;
};

// What is allowed, and not wise.
void warn(const config_reading& all, log& log) {
    for (const problem& each : all.advice) log.warning(to_string(each));
    for (const auto& [key, at] :
         {std::pair{"http", &all.read.http}, std::pair{"frames", &all.read.frames}})
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
    check_endpoints(
        all.read, [&](std::string_view sql) { return tried->prepare_check(sql); }, found);
    const auto applied = [&](std::string_view name) {
        log.info(fmt::format("applied migration {}", name));
    };
    return found.empty() && apply_migrations(all.read, applied, found);
}

int serve(const config_reading& all, problems& found) {
    service service{service_options_of(all.read)};
    warn(all, service.log());
    try_addresses(all.read, service.runtime().at(0).engine(), found);
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

int serve(const std::filesystem::path& file) {
    config_reading all = read_config(file);
    if (!all.found.empty()) return tell(all.found);
    if (auto left = leave_root(all.read.service.user); !left) {
        fmt::print(stderr, "weir: {}\n", left.error().message());
        return exit_configuration;
    }
    try {
        return serve(all, all.found);
    } catch (const std::exception& thrown) {
        fmt::print(stderr, "weir: {}\n", thrown.what());
        return exit_configuration;
    }
}

}  // namespace weir::app
