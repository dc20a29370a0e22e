// What a server and a client refuse of limits.
#pragma once

#include <stdexcept>

#include "weir/http/limits.hpp"

namespace weir::inline v0::http {

// A head that cannot hold so many fields would end below the limit. Throws std::invalid_argument.
inline void check(const limits& bounds) {
    if (bounds.max_fields > limits::field_capacity)
        throw std::invalid_argument{"http: max_fields is more than the 100 that a head can hold"};
}

}  // namespace weir::inline v0::http
