#include "app/config/parameter.hpp"

#include <cmath>

#include <fmt/format.h>

namespace weir::app {

namespace {

template <class T>
refusal outside(T value, const bounds<T>& bounds) {
    if (bounds.min && value < *bounds.min) return fmt::format("must be at least {}", *bounds.min);
    if (bounds.max && value > *bounds.max) return fmt::format("must be at most {}", *bounds.max);
    return std::nullopt;
}

}  // namespace

std::string_view to_string(parameter_type type) noexcept {
    switch (type) {
        case parameter_type::text:
            return "text";
        case parameter_type::integer:
            return "integer";
        case parameter_type::real:
            return "real";
        case parameter_type::boolean:
            return "boolean";
        case parameter_type::blob:
            return "blob";
    }
    return "";
}

std::string_view to_string(parameter_source source) noexcept {
    switch (source) {
        case parameter_source::path:
            return "path";
        case parameter_source::query:
            return "query";
        case parameter_source::body:
            return "body";
    }
    return "";
}

refusal parameter::check(std::string_view value) const {
    if (max_length && value.size() > *max_length)
        return fmt::format("must be no longer than {} bytes", *max_length);
    if (matches && !matches->matches(value)) return fmt::format("must match {}", matches->text());
    return std::nullopt;
}

refusal parameter::check(std::int64_t value) const { return outside(value, integers); }

refusal parameter::check(double value) const {
    if (!std::isfinite(value)) return "must be finite";
    return outside(value, reals);
}

}  // namespace weir::app
