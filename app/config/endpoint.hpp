// An endpoint: one SQL statement under a name, a method and a path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/clock.hpp"

#include "app/config/parameter.hpp"
#include "app/config/path_template.hpp"
#include "app/config/problems.hpp"

namespace weir::app {

enum class endpoint_method : std::uint8_t { get, post, put, patch, delete_ };
enum class result_shape : std::uint8_t {
    rows,     // {"rows": [...]}
    row,      // the first row as an object
    changes,  // how many rows a write changed
};

// As in a request line, and as in a configuration.
std::string_view to_string(endpoint_method method) noexcept;
std::string_view to_string(result_shape shape) noexcept;

// Where its keys stand in the file: for problems that only the database can see.
struct endpoint_places {
    std::string key;      // "endpoint.vendor"
    std::string sql_key;  // "endpoint.vendor.sql.sqlite"
    place method;
    place sql;
    place location;
};

struct endpoint {
    std::string name;  // in the framed protocol
    endpoint_method method = endpoint_method::get;
    std::string path;
    path_template segments;  // of path
    std::vector<parameter> parameters;
    std::string sql;  // for the configured database; its :names and the parameters are the same
    result_shape result = result_shape::rows;
    bool required = false;  // no row, or no change, is a 404
    std::uint16_t status = 200;
    std::string location;      // with {column}s of the row; empty for none
    std::size_t max_rows = 0;  // more are left out, and the answer says so
    duration timeout{};
    endpoint_places places;

    // By what the method promises (RFC 9110 section 9.2.1). Whether the statement keeps that
    // promise only the database can tell, when it prepares it.
    bool writes() const noexcept { return method != endpoint_method::get; }
};

}  // namespace weir::app
