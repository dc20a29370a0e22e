// Inputs and readings as text, for whoever looks at a disagreement.
#pragma once

#include <string>
#include <string_view>

#include "weir/http/limits.hpp"

#include "http/plain/reader.hpp"

namespace weir::inline v0::http {

// As the inside of a C string literal.
std::string escaped(std::string_view text);
std::string describe(const plain::reading& said);
std::string describe(const limits& bounds);

}  // namespace weir::inline v0::http
