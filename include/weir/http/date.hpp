// A point in time as Date and Last-Modified write it (IMF-fixdate, RFC 9110 section 5.6.7).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/lifetime.hpp"

namespace weir::inline v0::http {

class WEIR_API date {
public:
    // Seconds since 1970-01-01 00:00:00 UTC, from year 0 to 9999.
    explicit date(std::int64_t unix_seconds) noexcept;

    // 29 characters: "Sun, 06 Nov 1994 08:49:37 GMT". Lifetime: this date.
    std::string_view text() const noexcept WEIR_LIFETIMEBOUND {
        return {text_.data(), text_.size()};
    }

private:
    std::array<char, 29> text_;
};

}  // namespace weir::inline v0::http
