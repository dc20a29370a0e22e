// The endpoints of one table or view, as TOML. Pure text.
//
// A table with a key of one column is listed by it: `after` is the last key of the page before, and
// the key's index finds where the next one begins. What has no such key is listed with an offset,
// which counts its way through what it skips. Each indexed column has an endpoint of its own:
// filters that may be left out would be one statement for all, which no index serves.
#pragma once

#include <string>

#include "app/init/relation.hpp"

namespace weir::app {

// `slug` is its part of paths and of names.
std::string endpoints_text(const relation& of, const std::string& slug);

}  // namespace weir::app
