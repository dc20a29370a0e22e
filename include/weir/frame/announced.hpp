// What a header says about the frame behind it: how long it is, or that more of the header must
// come, or that no such frame can be.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>

#include "weir/base/bytes.hpp"
#include "weir/base/error.hpp"
#include "weir/base/lifetime.hpp"
#include "weir/frame/decoded.hpp"

namespace weir::inline v0::frame {

class [[nodiscard]] announced {
public:
    enum class kind : std::uint8_t { incomplete, frame, refused };

    static constexpr announced incomplete(std::size_t needed) noexcept {
        announced answer{kind::incomplete};
        answer.size_ = needed;
        return answer;
    }
    static constexpr announced frame(std::size_t skip, std::size_t length) noexcept {
        announced answer{kind::frame};
        answer.skip_ = skip;
        answer.size_ = length;
        return answer;
    }
    static constexpr announced refused(errc why) noexcept {
        announced answer{kind::refused};
        answer.reason_ = why;
        return answer;
    }

    constexpr kind what() const noexcept { return kind_; }
    constexpr bool is_incomplete() const noexcept { return kind_ == kind::incomplete; }
    constexpr bool is_frame() const noexcept { return kind_ == kind::frame; }
    constexpr bool is_refused() const noexcept { return kind_ == kind::refused; }

    // Of a frame: how many bytes stand before it, some of which may not have arrived.
    constexpr std::size_t skip() const noexcept {
        assert(is_frame());
        return skip_;
    }
    // Of a frame: how many bytes are delivered.
    constexpr std::size_t length() const noexcept {
        assert(is_frame());
        return size_;
    }
    // Of an incomplete one, as decoded::needed(): to the end of the frame.
    constexpr std::size_t needed() const noexcept {
        assert(is_incomplete());
        return size_;
    }
    // Of a refused one: errc::too_large or errc::malformed.
    constexpr errc reason() const noexcept {
        assert(is_refused());
        return reason_;
    }

    // The same as a frame at the start of input, where all of it is there.
    constexpr decoded in(bytes_view input WEIR_LIFETIMEBOUND) const noexcept {
        if (is_incomplete()) return decoded::incomplete(size_);
        if (is_refused()) [[unlikely]]
            return decoded::refused(reason_);
        const std::size_t whole = skip_ + size_;
        if (input.size() < whole) return decoded::incomplete(whole - input.size());
        return decoded::frame({input.data() + skip_, size_}, whole);
    }

private:
    explicit constexpr announced(kind what) noexcept : kind_{what} {}

    std::size_t skip_ = 0;
    std::size_t size_ = 0;
    kind kind_;
    errc reason_ = errc::malformed;
};

}  // namespace weir::inline v0::frame
