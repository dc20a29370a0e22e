// Reads one params.X of an endpoint.
#pragma once

#include <optional>
#include <string>

#include "app/config/endpoint.hpp"
#include "app/config/section.hpp"

namespace weir::app {

// What the endpoint around it says; nothing where that is wrong itself, so that one mistake is not
// told twice.
struct parameter_context {
    std::optional<endpoint_method> method;
    const path_template* path = nullptr;
};

// A parameter even where there are problems: its name is known, and is good for other checks.
// `key` is the dotted name of the table that `entry` stands in.
parameter read_parameter(reading& reading, const toml_entry& entry, const std::string& key,
                         const parameter_context& context);

}  // namespace weir::app
