// The framing around a piece of a chunked body (RFC 9112 section 7.1): prefix, data, chunk_end; and
// last_chunk behind the last piece.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/lifetime.hpp"

namespace weir::inline v0::http {

class WEIR_API chunk_prefix {
public:
    static constexpr std::size_t longest = 18;

    // The size line of a chunk of so many bytes. Not zero: that would end the body.
    explicit chunk_prefix(std::uint64_t bytes) noexcept;

    // Lifetime: this prefix.
    std::string_view text() const noexcept WEIR_LIFETIMEBOUND {
        return {text_.data() + start_, longest - start_};
    }

private:
    std::array<char, longest> text_;
    std::size_t start_;
};

inline constexpr std::string_view chunk_end = "\r\n";
// Without trailers.
inline constexpr std::string_view last_chunk = "0\r\n\r\n";
// The whole of an interim response that asks for the body (RFC 9110 section 15.2.1).
inline constexpr std::string_view continue_response = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace weir::inline v0::http
