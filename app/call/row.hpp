// One row of what is read in: columns and their values, as yet without a call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace weir::app {

using row_value = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string>;

struct row {
    std::vector<std::pair<std::string, row_value>> columns;
};

}  // namespace weir::app
