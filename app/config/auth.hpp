// Who may call a listener's endpoints: those who know one of its tokens.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/config/section.hpp"

namespace weir::app {

// Several at a time, so that one can be replaced without a moment in which nobody may call.
struct auth_token {
    std::string name;
    std::string secret;
};

enum class read_access : std::uint8_t { required, open };

struct auth_config {
    std::vector<auth_token> tokens;  // none: everybody may
    read_access reads = read_access::required;

    bool in_use() const noexcept { return !tokens.empty(); }
};

// What is wrong with a token's form, as "must be ..."; empty where nothing is.
std::string_view token_fault(std::string_view token) noexcept;

// The `auth` of a listener's table, where it has one.
void read_auth(reading& reading, section& listener, auth_config& into);

}  // namespace weir::app
