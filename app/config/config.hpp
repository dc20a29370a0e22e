// A service's configuration, read from TOML and checked: what every other part of the program
// starts from.
//
// All problems are found at once. Defaults stand here and nowhere else; app/README.md lists the
// keys. Values: a configuration is read before there are threads and not changed after.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/clock.hpp"

#include "app/config/auth.hpp"
#include "app/config/endpoint.hpp"
#include "app/config/environment.hpp"
#include "app/config/listen_address.hpp"
#include "app/config/migration_files.hpp"
#include "app/config/problems.hpp"
#include "app/config/settings.hpp"

namespace weir::app {

enum class engine_choice : std::uint8_t { automatic, uring, epoll };
enum class placement_choice : std::uint8_t { load, processor };
enum class log_level : std::uint8_t { debug, info, warning, error, off };
// How an integer beyond 2^53 is written, which JavaScript reads as another number. With string a
// text is an integer parameter's value as well.
enum class integer_style : std::uint8_t { number, string };

struct service_config {
    std::string name = "weir";
    std::string user;                // who root becomes; empty: whoever called sudo
    place where_user;                // it stands
    std::filesystem::path takeover;  // where a successor asks; empty: nobody can take over
    place where_takeover;
    std::size_t loops = 0;  // 0: as many as this process has CPUs
    engine_choice engine = engine_choice::automatic;
    place where_engine;
    placement_choice placement = placement_choice::load;
};

struct log_config {
    log_level level = log_level::info;
};

struct database_config {
    std::filesystem::path file;  // of SQLite; relative ones from the configuration's folder
    place url;                   // where it stands
    std::string url_key;         // "database.url" or "database.url_file"
    std::vector<migration_file> migrations;
    place where_migrations;
    std::size_t readers = 10;  // the pool's max_size
    duration acquire_timeout = std::chrono::seconds{30};
    duration busy_timeout = std::chrono::seconds{5};  // waiting for another process's lock
    duration statement_timeout = std::chrono::seconds{30};
    std::size_t group_statements = 1024;             // writes that share a transaction
    std::size_t group_bytes = std::size_t{1} << 20;  // and their parameters
};

struct listener_config {
    std::optional<listen_address> listen;  // nothing: switched off
    bool is_public = false;                // writes are offered off loopback, on purpose
    auth_config auth;
    place where;  // of `listen`
};

// Its writes are those of the admin pages.
struct admin_config : listener_config {
    std::vector<std::string> hosts;  // that a request may name besides this machine's own
    bool wire_traces = false;        // what connections carry may be shown
};

struct limits_config {
    std::size_t max_connections = 10'000;
    std::size_t max_connections_per_address = 0;  // no limit
    std::size_t max_accepts_per_second = 0;       // no limit
    duration max_connection_age{};                // no limit
    duration idle_timeout = std::chrono::seconds{75};
    duration user_timeout = std::chrono::seconds{60};
    std::size_t in_flight = 32;  // calls over frames, of one connection at once
    duration request_timeout = std::chrono::seconds{30};
    std::size_t body = std::size_t{1} << 20;  // bytes
    std::size_t max_rows = 1000;

    // Bytes of a frame that comes: a call's parameters are bounded as a body is, with room for what
    // stands around them.
    std::size_t frame() const noexcept { return body + std::size_t{64} * 1024; }
};

struct json_config {
    integer_style big_integers = integer_style::number;
};

struct drain_config {
    duration timeout = std::chrono::seconds{30};
    duration delay{};  // not ready, but still accepting
};

struct config {
    std::filesystem::path file;
    service_config service;
    log_config log;
    database_config database;
    listener_config http;
    listener_config frames;
    admin_config admin;
    limits_config limits;
    json_config json;
    drain_config drain;
    std::vector<endpoint> endpoints;
};

// As much of a configuration as could be read, and everything that is wrong with it.
struct config_reading {
    explicit config_reading(const std::string& name) : found{name}, advice{name} {}

    config read;
    problems found;
    problems advice;  // allowed, and not wise
    settings effective;
};

// For those who look for more problems than a file shows by itself.
config_reading read_config(const std::filesystem::path& file);

// Reads a file of at most 16 MiB. SQL is not prepared here: only the database knows its tables.
std::expected<config, problems> load_config(const std::filesystem::path& file);

// `name` is the file's, for messages and relative paths.
config_reading read_config(std::string_view text, const std::string& name,
                           const environment_variables& variables);
std::expected<config, problems> parse_config(
    std::string_view text, const std::string& name,
    const environment_variables& variables = process_environment());

}  // namespace weir::app
