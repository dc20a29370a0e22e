#include "weir/http/request_head.hpp"

namespace weir::inline v0::http {

std::string_view request_head::host() const noexcept {
    return target_.authority().empty() ? control().host() : target_.authority();
}

bool request_head::expects_continue() const noexcept {
    return control().expects_continue() && version() == http::version::http_1_1 && has_body();
}

void request_head::rebase(const char* from, const char* to) noexcept {
    target_.rebase(from, to);
    rebase_fields(from, to);
    if (!fields().empty()) known_.rebase(from, to);
}

std::size_t request_head::repeat_known(std::string_view text, const limits& bounds) noexcept {
    if (!known_.begin(text, bounds)) return 0;
    repeat_fields(known_.count(), known_.control());
    rebase_fields(known_.place(), text.data());
    known_.rebase(known_.place(), text.data());
    return known_.size();
}

void request_head::remember(std::string_view section) noexcept {
    if (fields().empty()) return;
    known_.remember(section, static_cast<std::uint32_t>(fields().size()), control());
}

void request_head::reset() noexcept {
    reset_fields(message::request);
    target_ = {};
}

}  // namespace weir::inline v0::http
