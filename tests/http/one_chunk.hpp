// A chunk of a body, as it is sent.
#pragma once

#include <string>
#include <string_view>

#include "weir/http/chunk_prefix.hpp"

namespace weir::inline v0::http {

// data: not empty, which would end the body.
inline std::string one_chunk(std::string_view data) {
    std::string text{chunk_prefix{data.size()}.text()};
    return text.append(data).append(chunk_end);
}

}  // namespace weir::inline v0::http
