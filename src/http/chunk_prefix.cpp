#include "weir/http/chunk_prefix.hpp"

#include <cassert>

namespace weir::inline v0::http {

chunk_prefix::chunk_prefix(std::uint64_t bytes) noexcept : start_{longest - 2} {
    assert(bytes > 0);
    text_[longest - 2] = '\r';
    text_[longest - 1] = '\n';
    for (; bytes > 0; bytes /= 16) text_[--start_] = "0123456789abcdef"[bytes % 16];
}

}  // namespace weir::inline v0::http
