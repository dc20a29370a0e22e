#include "app/init/affinity.hpp"

#include <algorithm>

namespace weir::app {

namespace {

char upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool holds(std::string_view type, std::string_view word) noexcept {
    const auto same = [](char left, char right) { return upper(left) == right; };
    return std::search(type.begin(), type.end(), word.begin(), word.end(), same) != type.end();
}

}  // namespace

affinity affinity_of(std::string_view declared_type) noexcept {
    const auto any_of = [&](auto... words) { return (holds(declared_type, words) || ...); };
    if (any_of("INT")) return affinity::integer;
    if (any_of("CHAR", "CLOB", "TEXT")) return affinity::text;
    if (declared_type.empty() || any_of("BLOB")) return affinity::blob;
    if (any_of("REAL", "FLOA", "DOUB")) return affinity::real;
    return affinity::numeric;
}

parameter_type parameter_type_of(affinity of) noexcept {
    switch (of) {
        case affinity::integer:
            return parameter_type::integer;
        case affinity::real:
            return parameter_type::real;
        case affinity::blob:
            return parameter_type::blob;
        case affinity::text:
        case affinity::numeric:
            return parameter_type::text;
    }
    return parameter_type::text;
}

std::string_view least_value(affinity of) noexcept {
    // SQLite's order is NULL, numbers, texts, blobs; a text column turns numbers into texts.
    // -9e999 is minus infinity.
    return of == affinity::text ? "''" : "-9e999";
}

}  // namespace weir::app
