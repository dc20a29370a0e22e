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
}

}  // namespace weir::inline v0::http
