// How long requests took, in buckets that are at most 1/128 wide of what they hold.
//
// Log-linear: each power of two has 128 buckets, so percentiles of microseconds and of seconds are
// equally exact, and recording is a shift and an increment. (A metrics histogram has few buckets,
// because it is scraped; percentiles of the tail want many.)
//
// Source: Tene, HdrHistogram (2012).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "weir/base/clock.hpp"

namespace weir::app {

class latency_histogram {
public:
    // What takes longer, 73 minutes, counts as this long.
    static constexpr unsigned widest_bits = 42;

    void record(duration took) noexcept;
    // What was recorded since an earlier copy of this one. Its largest() is that of its buckets.
    latency_histogram since(const latency_histogram& earlier) const noexcept;

    std::uint64_t count() const noexcept { return count_; }
    duration largest() const noexcept { return largest_; }
    duration mean() const noexcept;
    // The shortest time that so many of a hundred did not exceed; at most 1/128 too long. Zero
    // where nothing was recorded.
    duration percentile(double of_hundred) const noexcept;

private:
    static constexpr unsigned sub_bits = 7;
    static constexpr std::size_t sub_buckets = std::size_t{1} << sub_bits;
    static constexpr std::size_t buckets = (widest_bits - sub_bits + 1) * sub_buckets;

    static std::size_t index(std::uint64_t value) noexcept;
    static std::uint64_t highest(std::size_t bucket) noexcept;

    std::array<std::uint64_t, buckets> counts_{};
    std::uint64_t count_ = 0;
    std::uint64_t sum_ = 0;
    duration largest_{};
};

}  // namespace weir::app
