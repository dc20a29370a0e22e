#include "weir/http/message_head.hpp"

#include "rebase.hpp"

namespace weir::inline v0::http {

std::optional<std::string_view> message_head::find(std::string_view name) const noexcept {
    for (const field& each : fields())
        if (equals_ignoring_case(each.name, name)) return each.value;
    return std::nullopt;
}

void message_head::rebase_fields(const char* from, const char* to) noexcept {
    control_.rebase(from, to);
    for (std::uint32_t at = 0; at < count_; ++at) {
        fields_[at].name = rebased(fields_[at].name, from, to);
        fields_[at].value = rebased(fields_[at].value, from, to);
    }
    if (count_ > 0) known_.rebase(from, to);
}

std::size_t message_head::repeat_fields(std::string_view text, const limits& bounds) noexcept {
    if (!known_.begin(text, bounds)) return 0;
    count_ = known_.count();
    control_ = known_.control();
    rebase_fields(known_.place(), text.data());
    return known_.size();
}

void message_head::remember_fields(std::string_view section) noexcept {
    if (count_ > 0) known_.remember(section, count_, control_);
}

}  // namespace weir::inline v0::http
