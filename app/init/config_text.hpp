// A configuration that serves a catalogue's tables and views, for reading.
#pragma once

#include <string>
#include <string_view>

#include "app/init/catalogue.hpp"

namespace weir::app {

// TOML. Of each relation: its rows, page by page (`NAME.list`); one row by its key (`NAME.get`);
// rows by an indexed column (`NAME.by-COLUMN`). `url` is the database's as a configuration has it.
std::string config_text(std::string_view url, const catalogue& all);

}  // namespace weir::app
