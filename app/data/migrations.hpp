// A configuration's migrations, applied or tried.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "weir/db/migration.hpp"

#include "app/config/config.hpp"

namespace weir::app {

std::string database_url(const database_config& at);

// Applies what is new, telling each name. False, and a problem with its file and line, where one
// cannot be. Blocks.
bool apply_migrations(const config& read, const std::function<void(std::string_view)>& applied,
                      problems& found);

// Tries what is new on an empty copy of the schema: nothing, and a problem, where one cannot be
// applied. Blocks; changes nothing.
std::optional<db::migration_rehearsal> rehearse_migrations(const config& read, problems& found);

// Those that would be applied.
std::vector<std::string> pending_names(const config& read, const db::migration_rehearsal& tried);

}  // namespace weir::app
