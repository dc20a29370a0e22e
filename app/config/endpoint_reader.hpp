// Reads the [[endpoint]] tables.
#pragma once

#include <cstddef>
#include <vector>

#include "weir/db/statement_text.hpp"

#include "app/config/endpoint.hpp"
#include "app/config/section.hpp"

namespace weir::app {

// What an endpoint takes over where it says nothing of its own.
struct endpoint_defaults {
    std::size_t max_rows;
    duration timeout;
    db::dialect dialect;  // which of sql.sqlite and sql.postgresql is served
};

// Names, and methods with paths, are each there once. Endpoints with problems are among them.
std::vector<endpoint> read_endpoints(reading& reading, const toml_node& array,
                                     const endpoint_defaults& defaults);

}  // namespace weir::app
