// Whether who calls may: the check of a listener's bearer tokens, whatever protocol brings them.
//
// Made before the service runs and not changed after; every loop asks it. Allocates nothing.
#pragma once

#include <string_view>

#include "app/config/auth.hpp"

namespace weir::app {

class token_check {
public:
    // Lifetime: auth outlives it.
    explicit token_check(const auth_config& auth) noexcept : auth_{&auth} {}

    // Whether a call needs a token: every write does, where there is one.
    bool asks(bool write) const noexcept {
        return auth_->in_use() && (write || auth_->reads == read_access::required);
    }
    // The time it takes tells nothing about the tokens: all of them are compared, to the end of
    // what was given.
    bool knows(std::string_view given) const noexcept;
    // Of an Authorization field (RFC 6750 section 2.1): "Bearer", in any case, and a token.
    bool knows_bearer(std::string_view field) const noexcept;

private:
    const auth_config* auth_;
};

}  // namespace weir::app
