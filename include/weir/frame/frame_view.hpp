// A frame where it was received.
#pragma once

#include <cstdint>
#include <source_location>

#include "weir/base/bytes.hpp"
#include "weir/frame/view_ledger.hpp"

namespace weir::inline v0::frame {

// Lifetime: until the next framed::next(), or as long as a pin of framed::keep() lives. Debug
// builds end the process where a view is used later, and name the places.
class frame_view {
    using place = std::source_location;

public:
    frame_view() noexcept = default;
    explicit frame_view(bytes_view bytes, std::uint32_t generation = 0) noexcept
        : bytes_{bytes}, generation_{generation} {}

    bytes_view bytes(place by = place::current()) const noexcept { return checked(by); }
    std::string_view text(place by = place::current()) const noexcept {
        return as_text(checked(by));
    }
    std::size_t size() const noexcept { return bytes_.size(); }
    bool empty() const noexcept { return bytes_.empty(); }
    operator bytes_view() const noexcept {  // NOLINT(google-explicit-constructor): it is bytes
        return checked(place{});
    }
    // See view_ledger.
    std::uint32_t generation() const noexcept { return generation_; }

private:
    bytes_view checked([[maybe_unused]] place by) const noexcept {
#ifndef NDEBUG
        view_ledger::check(generation_, by);
#endif
        return bytes_;
    }

    bytes_view bytes_;
    std::uint32_t generation_ = 0;  // in each build, so that they mix; 0 where nobody checks
};

}  // namespace weir::inline v0::frame
