// A table or view, as the database's catalogue describes it.
#pragma once

#include <string>
#include <vector>

#include "app/config/parameter.hpp"
#include "app/init/affinity.hpp"

namespace weir::app {

struct column {
    std::string name;
    app::affinity affinity = affinity::blob;
    // What is compared with it, where something is.
    parameter_type type = parameter_type::text;
    // A value that stands in the table, as a parameter can be written; none where none is known.
    parameter_value example;
};

struct indexed_column {
    column of;
    bool unique = false;
};

struct relation {
    std::string name;
    std::vector<std::string> columns;
    // Of the primary key, in its order; the row's number where none is declared; none where there
    // is nothing to tell rows by.
    std::vector<column> key;
    // `key` is the row's number, which is none of the columns.
    bool by_row_number = false;
    // First in an index over all rows, and not the whole of the key.
    std::vector<indexed_column> indexed;
};

}  // namespace weir::app
