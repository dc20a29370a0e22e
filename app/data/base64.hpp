// Base64 with padding (RFC 4648 section 4): how blobs come in.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace weir::app {

// The bytes, in room, which has to hold text.size() / 4 * 3 of them; nothing where the text is not
// base64 as an encoder writes it: other characters, missing padding, bits behind the end.
std::optional<std::string_view> base64_decode(std::string_view text, std::span<char> room) noexcept;

}  // namespace weir::app
