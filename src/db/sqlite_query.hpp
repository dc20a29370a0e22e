// One query, in the frame of the task that asked. Written by whoever runs it, read when that has
// ended.
#pragma once

#include <optional>
#include <string_view>

#include "weir/base/error.hpp"
#include "weir/db/params.hpp"
#include "weir/db/query_options.hpp"
#include "weir/db/rows.hpp"

namespace weir::inline v0::db {

struct sqlite_query {
    sqlite_query(std::string_view text, const params& values, const query_options& options) noexcept
        : sql{text}, bound{&values}, limits{&options} {}

    std::string_view sql;
    const params* bound;
    const query_options* limits;
    bool must_write = false;  // one that only reads is refused
    rows::owner answer;
    std::optional<error> failure;
    bool interrupted = false;
};

}  // namespace weir::inline v0::db
