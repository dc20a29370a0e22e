// Rows to the parameters of calls.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weir/frame/call_params.hpp"

#include "app/call/param_word.hpp"
#include "app/call/row.hpp"

namespace weir::app {

// The parameters of one row.
struct mapped_row {
    frame::call_params params;
    bool has_key = false;  // it brings one of its own
};

class column_map {
public:
    // Words are column=param; without any, every column is sent by its own name. The constants go
    // with every row. key: the parameter that is left out where it is null or empty, since that
    // tells no row from another; empty: none is.
    column_map(std::vector<param_word> columns, std::vector<param_word> constants,
               std::string key = {})
        : columns_{std::move(columns)}, constants_{std::move(constants)}, key_{std::move(key)} {}

    // A map for a form whose columns are its own, where none was given.
    void set_default(param_word column) {
        if (columns_.empty()) columns_.push_back(std::move(column));
    }
    // Errors: malformed, where a column that is mapped is missing or holds what cannot be sent.
    result<mapped_row> map(const row& from) const;

private:
    bool leaves_out(std::string_view name, bool nothing, mapped_row& into) const;

    std::vector<param_word> columns_;
    std::vector<param_word> constants_;
    std::string key_;
};

}  // namespace weir::app
