#include "weir/http/known_fields.hpp"

#include <algorithm>
#include <cstring>

#include "rebase.hpp"

namespace weir::inline v0::http {

bool known_fields::begin(std::string_view text, const limits& bounds) noexcept {
    if (size_ == 0) return false;
    if (size_ > text.size() || size_ - end > bounds.max_field_bytes || count_ > bounds.max_fields ||
        std::memcmp(text.data(), bytes_.data(), size_) != 0) {
        size_ = 0;
        to_skip_ = std::min(to_skip_ * 2 + 1, most_skipped);
        return false;
    }
    to_skip_ = 0;
    return true;
}

void known_fields::remember(std::string_view section, std::uint32_t count,
                            const control_fields& control) noexcept {
    if (skipped_ < to_skip_) {
        ++skipped_;
        return;
    }
    skipped_ = 0;
    if (section.size() > bytes_.size()) return;
    std::memcpy(bytes_.data(), section.data(), section.size());
    place_ = section.data();
    size_ = static_cast<std::uint32_t>(section.size());
    count_ = count;
    control_ = control;
}

void known_fields::rebase(const char* from, const char* to) noexcept {
    if (size_ == 0) return;
    place_ = rebased({place_, size_}, from, to).data();
    control_.rebase(from, to);
}

}  // namespace weir::inline v0::http
