#include "app/data/migrations.hpp"

#include <algorithm>
#include <utility>

namespace weir::app {

namespace {

std::vector<db::migration> migrations_of(const config& read) {
    std::vector<db::migration> wanted;
    for (const migration_file& each : read.database.migrations) {
        db::migration next;
        next.number = each.number;
        next.name = each.file.stem().string();
        next.sql = each.sql;
        wanted.push_back(std::move(next));
    }
    return wanted;
}

// Columns count code points.
place place_in(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    const std::size_t line_break = before.rfind('\n');
    const std::string_view line =
        before.substr(line_break == std::string_view::npos ? 0 : line_break + 1);
    const auto starts_letter = [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
    };
    return {static_cast<std::uint32_t>(1 + std::count(before.begin(), before.end(), '\n')),
            static_cast<std::uint32_t>(1 + std::count_if(line.begin(), line.end(), starts_letter))};
}

void tell(const config& read, const db::migration_failure& failed, problems& found) {
    const database_config& at = read.database;
    if (failed.number == 0) return found.add(at.url, at.url_key, failed.why.message());
    if (failed.number > at.migrations.size())
        return found.add(at.where_migrations, "database.migrations", failed.why.message());
    const migration_file& file = at.migrations[failed.number - 1];
    const place where = failed.offset ? place_in(file.sql, *failed.offset) : place{};
    found.add_elsewhere(file.file.string(), where, failed.why.message());
}

}  // namespace

std::string database_url(const database_config& at) { return "sqlite:" + at.file.string(); }

bool apply_migrations(const config& read, const std::function<void(std::string_view)>& applied,
                      problems& found) {
    if (read.database.migrations.empty()) return true;
    const auto wanted = migrations_of(read);
    const auto done = db::migrate(database_url(read.database), wanted,
                                  [&](const db::migration& each) { applied(each.name); });
    if (!done) tell(read, done.error(), found);
    return done.has_value();
}

std::optional<db::migration_rehearsal> rehearse_migrations(const config& read, problems& found) {
    const auto wanted = migrations_of(read);
    auto tried = db::migration_rehearsal::run(database_url(read.database), wanted);
    if (tried) return std::move(*tried);
    tell(read, tried.error(), found);
    return std::nullopt;
}

std::vector<std::string> pending_names(const config& read, const db::migration_rehearsal& tried) {
    std::vector<std::string> names;
    const auto& all = read.database.migrations;
    for (std::size_t at = all.size() - tried.pending(); at < all.size(); ++at)
        names.push_back(all[at].file.stem().string());
    return names;
}

}  // namespace weir::app
