#include "weir/io/operation.hpp"

namespace weir::inline v0::io {

bool send_op::sent(std::size_t bytes) noexcept {
    while (!pieces_.empty() && bytes >= pieces_.front().size) {
        bytes -= pieces_.front().size;
        pieces_ = pieces_.subspan(1);
    }
    if (pieces_.empty()) return true;
    piece& rest = pieces_.front();
    rest.data = static_cast<const std::byte*>(rest.data) + bytes;
    rest.size -= bytes;
    return false;
}

}  // namespace weir::inline v0::io
