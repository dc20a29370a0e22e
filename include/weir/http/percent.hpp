// Percent-encoding (RFC 3986 section 2.1), and form encoding (WHATWG URL, application/
// x-www-form-urlencoded), decoded into the caller's memory.
//
// Split first, then decode: an escaped "/" belongs to its segment, an escaped "&" to its value.
// What was not escaped at all is handed back as it is, without a copy.
#pragma once

#include <concepts>
#include <span>
#include <string>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/lifetime.hpp"
#include "weir/base/result.hpp"

namespace weir::inline v0::http {

// The text without its escapes. The decoded bytes may be anything, NUL and invalid UTF-8 included.
// Lifetime: a view into text where nothing is escaped, else into room. Errors: malformed for a "%"
// without two hexadecimal digits; too_large where room is too small (text.size() is always enough).
WEIR_API result<std::string_view> percent_decode(std::string_view text WEIR_LIFETIMEBOUND,
                                                 std::span<char> room WEIR_LIFETIMEBOUND) noexcept;
template <std::same_as<std::string> String>
result<std::string_view> percent_decode(String&& gone, std::span<char> room) = delete;

// As percent_decode, and "+" is a space.
WEIR_API result<std::string_view> form_decode(std::string_view text WEIR_LIFETIMEBOUND,
                                              std::span<char> room WEIR_LIFETIMEBOUND) noexcept;
template <std::same_as<std::string> String>
result<std::string_view> form_decode(String&& gone, std::span<char> room) = delete;

// Appends text with everything escaped but letters, digits, "-", ".", "_" and "~" (RFC 3986 section
// 2.3), so that it is one segment of a path, or one name or value of a query. (But "." and ".." are
// segments with a meaning.)
WEIR_API void append_percent_encoded(std::string_view text, std::string& into);
// Whether each "%" begins an escape, so that decoding cannot fail for want of one.
WEIR_API bool has_sound_escapes(std::string_view text) noexcept;

}  // namespace weir::inline v0::http
