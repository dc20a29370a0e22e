#include "weir/http/request_head.hpp"

#include "rebase.hpp"

namespace weir::http {

std::string_view request_head::host() const noexcept {
    return target_.authority().empty() ? control_.host() : target_.authority();
}

std::optional<std::string_view> request_head::find(std::string_view name) const noexcept {
    for (const field& each : fields())
        if (equals_ignoring_case(each.name, name)) return each.value;
    return std::nullopt;
}

bool request_head::expects_continue() const noexcept {
    return control_.expects_continue() && version_ == http::version::http_1_1 && has_body();
}

void request_head::rebase(const char* from, const char* to) noexcept {
    target_.rebase(from, to);
    control_.rebase(from, to);
    for (std::uint32_t at = 0; at < count_; ++at) {
        fields_[at].name = rebased(fields_[at].name, from, to);
        fields_[at].value = rebased(fields_[at].value, from, to);
    }
}

void request_head::reset() noexcept {
    count_ = 0;
    target_ = {};
    control_ = {};
}

}  // namespace weir::http
