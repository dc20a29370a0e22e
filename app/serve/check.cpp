#include <cstdio>

#include <fmt/format.h>

#include "app/command.hpp"
#include "app/data/database_check.hpp"
#include "app/data/migrations.hpp"
#include "app/serve/machine_check.hpp"

namespace weir::app {

namespace {

// What the endpoints' statements are checked against: the database as it is or, where there are
// migrations, as they will leave it. Answers with the names of those that are still to be applied.
std::vector<std::string> look_into_database(config_reading& all) {
    const database_config& at = all.read.database;
    if (at.file.empty()) return {};  // a problem already
    if (at.migrations.empty()) {
        io::blocking_pool threads{{}};
        const auto database = open_database(all.read, threads, database_access::look);
        if (database)
            check_endpoints(all.read, *database, all.found);
        else
            all.found.add(at.url, at.url_key, database.error().message());
        return {};
    }
    const auto tried = rehearse_migrations(all.read, all.found);
    if (!tried) return {};
    check_endpoints(all.read, *tried, all.found);
    return pending_names(all.read, *tried);
}

// On standard error, so that what is printed is a configuration.
void advise(const problems& advice) {
    for (const problem& each : advice) fmt::print(stderr, "{} (advice)\n", to_string(each));
}

}  // namespace

int check(const std::filesystem::path& file) {
    config_reading all = read_config(file);
    check_machine(all);
    const auto pending = look_into_database(all);
    advise(all.advice);
    if (!all.found.empty()) {
        fmt::print(stderr, "{}", all.found.text());
        return exit_configuration;
    }
    fmt::print("# {}: no problems, {} endpoints\n", file.string(), all.read.endpoints.size());
    for (const std::string& each : pending) fmt::print("# to be applied: {}\n", each);
    fmt::print("\n{}", all.effective.toml());
    return exit_fine;
}

}  // namespace weir::app
