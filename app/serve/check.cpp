#include <cstdio>

#include <fmt/format.h>

#include "app/command.hpp"
#include "app/data/database_check.hpp"

namespace weir::app {

namespace {

void look_into_database(config_reading& all) {
    const database_config& at = all.read.database;
    if (at.file.empty()) return;  // a problem already
    io::blocking_pool threads{{}};
    const auto database = open_database(all.read, threads, database_access::look);
    if (database) {
        check_endpoints(all.read, *database, all.found);
    } else {
        all.found.add(at.url, "database.url", database.error().message());
    }
}

}  // namespace

int check(const std::filesystem::path& file) {
    config_reading all = read_config(file);
    look_into_database(all);
    if (!all.found.empty()) {
        fmt::print(stderr, "{}", all.found.text());
        return exit_configuration;
    }
    fmt::print("{}: no problems, {} endpoints\n", file.string(), all.read.endpoints.size());
    return exit_fine;
}

}  // namespace weir::app
