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
}

void request_head::reset() noexcept {
    reset_fields(message::request);
    target_ = {};
}

}  // namespace weir::inline v0::http
