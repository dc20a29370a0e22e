#include "app/api/token_check.hpp"

#include "weir/http/field.hpp"

namespace weir::app {

namespace {

// Goes through all of `given`, whatever is different: no branch depends on the secret's letters.
bool same(std::string_view given, std::string_view secret) noexcept {
    std::size_t different = given.size() ^ secret.size();
    for (std::size_t at = 0; at < given.size(); ++at)
        different |=
            static_cast<std::size_t>(static_cast<unsigned char>(given[at]) ^
                                     static_cast<unsigned char>(secret[at % secret.size()]));
    return different == 0;
}

}  // namespace

bool token_check::knows(std::string_view given) const noexcept {
    bool known = false;
    for (const auth_token& each : auth_->tokens) known |= same(given, each.secret);
    return known;
}

bool token_check::knows_bearer(std::string_view field) const noexcept {
    const std::size_t blank = field.find(' ');
    if (blank == std::string_view::npos) return false;
    if (!http::equals_ignoring_case(field.substr(0, blank), "Bearer")) return false;
    const std::size_t begin = field.find_first_not_of(' ', blank);
    return begin != std::string_view::npos && knows(field.substr(begin));
}

}  // namespace weir::app
