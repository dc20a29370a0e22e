// A parameter of an endpoint: what it may be, and the check that it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "app/config/pattern.hpp"

namespace weir::app {

// blob is base64 on the wire and bytes in the database.
enum class parameter_type : std::uint8_t { text, integer, real, boolean, blob };
enum class parameter_source : std::uint8_t { path, query, body };

std::string_view to_string(parameter_type type) noexcept;
std::string_view to_string(parameter_source source) noexcept;

// monostate is NULL.
using parameter_value = std::variant<std::monostate, std::string, std::int64_t, double, bool>;

template <class T>
struct bounds {
    std::optional<T> min;
    std::optional<T> max;
};

// The first thing wrong with a value, as the end of a sentence: "must be at most 1000". Nothing
// where it is right; allocates only for what is wrong and, in pattern, while it matches.
using refusal = std::optional<std::string>;

struct parameter {
    std::string name;
    parameter_type type = parameter_type::text;
    parameter_source from = parameter_source::query;
    // Its absence is an error; else the fallback stands in, or NULL.
    bool required = true;
    parameter_value fallback;
    parameter_value example;  // for the index; of a blob: its base64
    bounds<std::int64_t> integers;
    bounds<double> reals;
    std::optional<std::size_t> max_length;  // bytes, of a text in UTF-8 or a blob decoded
    std::optional<pattern> matches;         // texts only

    // For a text, or a blob's decoded bytes.
    refusal check(std::string_view value) const;
    refusal check(std::int64_t value) const;
    refusal check(double value) const;
};

}  // namespace weir::app
