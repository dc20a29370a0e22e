#include "app/data/database_check.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "weir/base/utf8.hpp"

#include "app/config/nearest.hpp"
#include "app/data/migrations.hpp"

namespace weir::app {

namespace {

using std::chrono::milliseconds;

class endpoint_check {
public:
    endpoint_check(const endpoint& which, const db::statement_info& info, problems& found)
        : endpoint_{which}, info_{info}, found_{found} {}

    void run() {
        check_method();
        check_result();
        check_columns();
        check_location();
    }

private:
    void check_method() {
        if (endpoint_.writes() || info_.readonly) return;
        found_.add(endpoint_.places.method, endpoint_.places.key + ".method",
                   "a GET must not write: use POST, PUT, PATCH or DELETE");
    }

    void check_result() {
        const bool returns_rows = !info_.columns.empty();
        if (endpoint_.result == result_shape::changes) {
            if (info_.readonly) add_to_sql(R"(changes nothing: use result = "rows" or "row")");
        } else if (!returns_rows) {
            add_to_sql(R"(returns no rows: use result = "changes", or add "returning")");
        }
    }

    // Each is a member of an object.
    void check_columns() {
        if (endpoint_.result == result_shape::changes) return;
        if (!std::ranges::all_of(info_.columns, is_utf8))
            return add_to_sql("has a column whose name is not UTF-8: rename it with \"as\"");
        std::vector<std::string> sorted = info_.columns;
        std::sort(sorted.begin(), sorted.end());
        const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
        if (twice != sorted.end())
            add_to_sql("has two columns called " + *twice + ": rename one with \"as\"");
    }

    void check_location() {
        const std::vector<std::string_view> columns{info_.columns.begin(), info_.columns.end()};
        const location_template location{endpoint_.location};
        for (const std::string_view name : location.names())
            if (std::find(columns.begin(), columns.end(), name) == columns.end())
                found_.add(endpoint_.places.location, endpoint_.places.key + ".location",
                           '{' + std::string{name} + "} is no column of the row that comes back" +
                               did_you_mean(name, columns));
    }

    void add_to_sql(std::string message) {
        found_.add(endpoint_.places.sql, endpoint_.places.sql_key, std::move(message));
    }

    const endpoint& endpoint_;
    const db::statement_info& info_;
    problems& found_;
};

// Those that have no problem; checked is what prepares a statement.
template <class Checked>
std::vector<served_endpoint> sound_endpoints(const config& read, const Checked& checked,
                                             problems& found) {
    std::vector<served_endpoint> sound;
    for (const endpoint& each : read.endpoints) {
        if (each.sql.empty()) continue;  // a problem already
        const std::size_t before = found.size();
        const auto info = checked.prepare_check(each.sql);
        if (info) {
            endpoint_check{each, *info, found}.run();
            if (found.size() == before) sound.emplace_back(each, *info);
        } else {
            found.add(each.places.sql, each.places.sql_key, info.error().message());
        }
    }
    return sound;
}

}  // namespace

db::database_options database_options_of(const config& read, database_access access) {
    db::database_options options;
    options.connections.max_size = read.database.readers;
    options.connections.acquire_timeout = read.database.acquire_timeout;
    options.busy_timeout = std::chrono::duration_cast<milliseconds>(read.database.busy_timeout);
    options.group.max_statements = read.database.group_statements;
    options.group.max_bytes = read.database.group_bytes;
    // Never the bound: every call that waits holds one of its connection's places in flight, so a
    // flood is not read rather than refused.
    options.group.max_waiting = read.limits.max_connections * read.limits.in_flight;
    const bool writes = std::any_of(read.endpoints.begin(), read.endpoints.end(),
                                    [](const endpoint& each) { return each.writes(); });
    options.read_only = access == database_access::look || !writes;
    // A connection keeps every statement of the configuration prepared.
    options.cached_statements = std::max<std::size_t>(64, read.endpoints.size() + 8);
    return options;
}

result<db::database> open_database(const config& read, io::blocking_pool& threads,
                                   database_access access) {
    return db::database::open(database_url(read.database), threads,
                              database_options_of(read, access));
}

std::vector<served_endpoint> check_endpoints(const config& read, const db::database& database,
                                             problems& found) {
    return sound_endpoints(read, database, found);
}

void check_endpoints(const config& read, const db::migration_rehearsal& tried, problems& found) {
    const std::size_t before = found.size();
    sound_endpoints(read, tried, found);
    const database_config& at = read.database;
    std::error_code unknown;
    if (found.size() > before && !std::filesystem::exists(at.file, unknown) && !unknown)
        found.add(at.url, at.url_key,
                  "database " + at.file.string() +
                      ": no such file, and the migrations alone do not make what is asked for");
}

}  // namespace weir::app
