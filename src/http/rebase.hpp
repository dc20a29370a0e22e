// Views that follow their bytes to another place.
#pragma once

#include <cstdint>
#include <string_view>

namespace weir::inline v0::http {

// The view of the same bytes after they moved from `from` to `to`. The distance is taken between
// numbers: the old bytes may be gone. A view of nothing stays one.
inline std::string_view rebased(std::string_view view, const char* from, const char* to) noexcept {
    if (view.data() == nullptr) return view;
    const auto distance =
        reinterpret_cast<std::uintptr_t>(view.data()) - reinterpret_cast<std::uintptr_t>(from);
    return {to + distance, view.size()};
}

}  // namespace weir::inline v0::http
