#include "weir/db/value.hpp"

#include <stdexcept>
#include <string>

namespace weir::inline v0::db {

std::string_view to_string(value_type type) noexcept {
    switch (type) {
        case value_type::null:
            return "null";
        case value_type::integer:
            return "integer";
        case value_type::real:
            return "real";
        case value_type::text:
            return "text";
        case value_type::blob:
            return "blob";
    }
    return "unknown";
}

void value::refuse(value_type wanted) const {
    std::string text{"a value of type "};
    text += to_string(type_);
    text += " was read as ";
    text += to_string(wanted);
    throw std::logic_error{text};
}

}  // namespace weir::inline v0::db
