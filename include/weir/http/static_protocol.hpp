// The name of a protocol that HTTP is left for, known when the program is compiled and checked
// then: "websocket", "Mirror/1" (RFC 9110 section 7.8).
#pragma once

#include <cstddef>
#include <string_view>

#include "weir/http/grammar.hpp"

namespace weir::inline v0::http {

class static_protocol {
public:
    consteval static_protocol(const char* literal)  // NOLINT(google-explicit-constructor)
        : text_{literal} {
        const std::size_t slash = text_.find('/');
        const bool versioned = slash != text_.npos;
        if (!grammar::is_token(text_.substr(0, slash)) ||
            (versioned && !grammar::is_token(text_.substr(slash + 1))))
            throw "a protocol is a token, and may have a slash and a version behind it";
    }

    constexpr std::string_view view() const noexcept { return text_; }

private:
    std::string_view text_;
};

}  // namespace weir::inline v0::http
