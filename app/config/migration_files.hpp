// The numbered SQL files that database.migrations names: 0001_sightings.sql, 0002_keys.sql, ...
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "app/config/section.hpp"

namespace weir::app {

struct migration_file {
    std::uint32_t number = 0;
    std::filesystem::path file;
    std::string sql;  // line breaks are "\n", however a checkout has them
};

// In order, numbered from 1 without gaps. Other files than .sql are none of its business; a .sql
// file that has no number is a problem, since it would silently not be applied.
std::vector<migration_file> read_migrations(reading& reading, section& in, std::string_view key);

}  // namespace weir::app
