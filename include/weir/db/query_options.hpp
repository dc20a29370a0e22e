// How much of an answer one query may bring.
#pragma once

#include <cstddef>

namespace weir::inline v0::db {

struct query_options {
    query_options() = default;
    explicit query_options(std::size_t rows) noexcept : max_rows{rows} {}

    // Rows beyond either limit are left out, and rows::truncated() says so. A write takes effect as
    // a whole, however many of the rows that it returns are left out.
    std::size_t max_rows = 1000;
    std::size_t max_bytes = std::size_t{4} << 20U;
};

}  // namespace weir::inline v0::db
