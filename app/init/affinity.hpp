// What SQLite makes of a column's declared type, and what a parameter that is compared with it may
// be. Pure text.
#pragma once

#include <cstdint>
#include <string_view>

#include "app/config/parameter.hpp"

namespace weir::app {

enum class affinity : std::uint8_t { integer, text, blob, real, numeric };

// Source: "Determination Of Column Affinity", section 3.1 of SQLite's "Datatypes".
affinity affinity_of(std::string_view declared_type) noexcept;

// A numeric column (a date, a decimal, a boolean) holds texts as well, and SQLite converts the text
// that it is compared with: a text reaches every value.
parameter_type parameter_type_of(affinity of) noexcept;

// An SQL literal that nothing but NULL comes before, in a column of this affinity.
std::string_view least_value(affinity of) noexcept;

}  // namespace weir::app
