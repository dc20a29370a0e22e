#include "weir/io/wall_clock.hpp"

#include <chrono>

namespace weir::inline v0::io {

std::int64_t wall_time() noexcept {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

}  // namespace weir::inline v0::io
