// Rows to the parameters of calls.
#pragma once

#include <string>
#include <vector>

#include "weir/frame/call_params.hpp"

#include "app/call/param_word.hpp"
#include "app/call/row.hpp"

namespace weir::app {

class column_map {
public:
    // Words are column=param; without any, every column is sent by its own name. The constants go
    // with every row.
    column_map(std::vector<param_word> columns, std::vector<param_word> constants)
        : columns_{std::move(columns)}, constants_{std::move(constants)} {}

    // A map for a form whose columns are its own, where none was given.
    void set_default(param_word column) {
        if (columns_.empty()) columns_.push_back(std::move(column));
    }
    // Errors: malformed, where a column that is mapped is missing or holds what cannot be sent.
    result<frame::call_params> params_of(const row& from) const;

private:
    std::vector<param_word> columns_;
    std::vector<param_word> constants_;
};

}  // namespace weir::app
