#include "weir/http/target.hpp"

#include <algorithm>

#include "ascii.hpp"
#include "authority.hpp"
#include "rebase.hpp"
#include "scan.hpp"

namespace weir::inline v0::http {

std::optional<target> target::parse(std::string_view text) noexcept {
    const char* const end = text.data() + text.size();
    if (text.empty() || scan::skip_target(text.data(), end, text.data()) != end)
        return std::nullopt;
    std::optional<target> whole{std::in_place};
    if (!whole->assign(text)) whole.reset();
    return whole;
}

bool target::assign(std::string_view text) noexcept {
    *this = target{};
    text_ = text;
    if (text[0] == '/') {
        split_path(text);
        return true;
    }
    if (text != "*") return split_absolute(text);
    form_ = form::asterisk;
    path_ = text;
    return true;
}

bool target::split_absolute(std::string_view text) noexcept {
    const std::size_t colon = text.find("://");
    if (colon == std::string_view::npos) return false;
    const std::string_view scheme = text.substr(0, colon);
    if (!ascii::is(scheme, "http") && !ascii::is(scheme, "https")) return false;
    form_ = form::absolute;
    const std::string_view rest = text.substr(colon + 3);
    const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
    authority_ = rest.substr(0, end);
    split_path(rest.substr(end));
    return is_authority(authority_);
}

void target::split_path(std::string_view text) noexcept {
    const std::size_t mark = text.find('?');
    path_ = text.substr(0, mark);
    if (mark != std::string_view::npos) query_ = text.substr(mark + 1);
}

void target::rebase(const char* from, const char* to) noexcept {
    text_ = rebased(text_, from, to);
    path_ = rebased(path_, from, to);
    query_ = rebased(query_, from, to);
    authority_ = rebased(authority_, from, to);
}

}  // namespace weir::inline v0::http
