// A frame where it was received.
#pragma once

#include "weir/base/bytes.hpp"

namespace weir::inline v0::frame {

// Lifetime: until the next framed::next(), or as long as a pin of framed::keep() lives.
class frame_view {
public:
    frame_view() noexcept = default;
    explicit frame_view(bytes_view bytes) noexcept : bytes_{bytes} {}

    bytes_view bytes() const noexcept { return bytes_; }
    std::string_view text() const noexcept { return as_text(bytes_); }
    std::size_t size() const noexcept { return bytes_.size(); }
    bool empty() const noexcept { return bytes_.empty(); }
    operator bytes_view() const noexcept {  // NOLINT(google-explicit-constructor): it is bytes
        return bytes_;
    }

private:
    bytes_view bytes_;
};

}  // namespace weir::inline v0::frame
