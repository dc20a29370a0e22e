#include "weir/http/known_fields.hpp"

#include <algorithm>
#include <cstring>

#include "rebase.hpp"

namespace weir::inline v0::http {

bool known_fields::begin(std::string_view text, const limits& bounds) noexcept {
    if (size_ == 0) return false;
    const std::size_t here = std::min<std::size_t>(size_, text.size());
    const bool same = std::memcmp(text.data(), bytes_.data(), here) == 0;
    to_skip_ = same ? 0 : std::min(to_skip_ * 2 + 1, most_skipped);
    if (same && here == size_ && size_ - end <= bounds.max_field_bytes &&
        count_ <= bounds.max_fields)
        return true;
    size_ = 0;
    return false;
}

void known_fields::remember(std::string_view section, std::uint32_t count,
                            const control_fields& control) noexcept {
    if (section.size() > bytes_.size()) return;
    if (skipped_ < to_skip_) {
        ++skipped_;
        return;
    }
    skipped_ = 0;
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
