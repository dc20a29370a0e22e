// The upper bounds of a histogram's buckets, and the way from a duration to its bucket.
//
// The bucket is found through the number of significant bits of the duration: a table names the
// first bucket that can hold so many bits, and where bounds grow by a factor of two or more, as the
// usual ones do, one comparison is left to do. Immutable once made; any thread may read.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "weir/base/api.hpp"
#include "weir/base/clock.hpp"

namespace weir::inline v0::metrics {

// From 50 µs to 60 s in steps of about 2.5.
WEIR_API std::vector<duration> default_latency_bounds();

class WEIR_API bucket_layout {
public:
    static constexpr std::size_t max_bounds = 256;

    // Errors: throws std::invalid_argument unless there are 1 to 256 bounds, positive and rising.
    explicit bucket_layout(std::vector<duration> bounds);

    // The bucket of a duration; a bound belongs to the bucket it ends, as Prometheus has it ("le").
    // The bucket after the last bound holds the rest. A negative duration counts as zero.
    std::size_t index(duration took) const noexcept {
        const auto count = static_cast<std::uint64_t>(took.count() < 0 ? 0 : took.count());
        std::size_t at = first_[static_cast<std::size_t>(std::bit_width(count))];
        while (bounds_[at] < took) ++at;  // the last bound is duration::max()
        return at;
    }

    std::span<const duration> bounds() const noexcept {
        return std::span{bounds_}.first(bounds_.size() - 1);
    }
    // One more than there are bounds: the last bucket is +Inf.
    std::size_t buckets() const noexcept { return bounds_.size(); }

private:
    std::vector<duration> bounds_;
    std::array<std::uint16_t, 64> first_{};
};

}  // namespace weir::inline v0::metrics
