// What a codec makes of the bytes that have arrived: there is a frame, or more bytes must come, or
// no byte that comes can make it right. The three are never mistaken for each other.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>

#include "weir/base/bytes.hpp"
#include "weir/base/error.hpp"
#include "weir/base/lifetime.hpp"

namespace weir::inline v0::frame {

class [[nodiscard]] decoded {
public:
    enum class kind : std::uint8_t { incomplete, frame, refused };

    static constexpr decoded incomplete(std::size_t needed) noexcept {
        decoded answer{kind::incomplete};
        answer.size_ = needed;
        return answer;
    }
    static constexpr decoded frame(bytes_view payload WEIR_LIFETIMEBOUND,
                                   std::size_t consumed) noexcept {
        decoded answer{kind::frame};
        answer.payload_ = payload;
        answer.size_ = consumed;
        return answer;
    }
    static constexpr decoded refused(errc why) noexcept {
        decoded answer{kind::refused};
        answer.reason_ = why;
        return answer;
    }

    constexpr kind what() const noexcept { return kind_; }
    constexpr bool is_incomplete() const noexcept { return kind_ == kind::incomplete; }
    constexpr bool is_frame() const noexcept { return kind_ == kind::frame; }
    constexpr bool is_refused() const noexcept { return kind_ == kind::refused; }

    // Of a frame: what is delivered. Lifetime: a view into the bytes that were decoded.
    constexpr bytes_view payload() const noexcept {
        assert(is_frame());
        return payload_;
    }
    // Of a frame: how many bytes of the input it took up, header included; at least 1.
    constexpr std::size_t consumed() const noexcept {
        assert(is_frame());
        return size_;
    }
    // Of an incomplete one: this many bytes at least must still come; at least 1, and never more
    // than really do. No promise of the peer's is worth reserving memory for: let it grow with the
    // bytes that arrive.
    constexpr std::size_t needed() const noexcept {
        assert(is_incomplete());
        return size_;
    }
    // Of a refused one: errc::too_large or errc::malformed. There is no way to find the next frame;
    // the connection ends here.
    constexpr errc reason() const noexcept {
        assert(is_refused());
        return reason_;
    }

private:
    explicit constexpr decoded(kind what) noexcept : kind_{what} {}

    bytes_view payload_;
    std::size_t size_ = 0;
    kind kind_;
    errc reason_ = errc::malformed;
};

}  // namespace weir::inline v0::frame
