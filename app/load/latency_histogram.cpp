#include "app/load/latency_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace weir::app {

// Values below two times the sub-buckets have a bucket each; above, the leading bits choose.
std::size_t latency_histogram::index(std::uint64_t value) noexcept {
    if (value < 2 * sub_buckets) return value;
    const auto shift = static_cast<unsigned>(std::bit_width(value)) - sub_bits - 1;
    return shift * sub_buckets + (value >> shift);
}

std::uint64_t latency_histogram::highest(std::size_t bucket) noexcept {
    if (bucket < 2 * sub_buckets) return bucket;
    const std::size_t shift = bucket / sub_buckets - 1;
    return ((bucket - shift * sub_buckets + 1) << shift) - 1;
}

void latency_histogram::record(duration took) noexcept {
    constexpr std::uint64_t widest = (std::uint64_t{1} << widest_bits) - 1;
    const auto value = static_cast<std::uint64_t>(std::max(took, duration::zero()).count());
    ++counts_[index(std::min(value, widest))];
    ++count_;
    sum_ += value;
    largest_ = std::max(largest_, took);
}

latency_histogram latency_histogram::since(const latency_histogram& earlier) const noexcept {
    latency_histogram recent;
    for (std::size_t at = 0; at < buckets; ++at) {
        recent.counts_[at] = counts_[at] - earlier.counts_[at];
        if (recent.counts_[at] > 0)
            recent.largest_ = duration{static_cast<duration::rep>(highest(at))};
    }
    recent.count_ = count_ - earlier.count_;
    recent.sum_ = sum_ - earlier.sum_;
    return recent;
}

duration latency_histogram::mean() const noexcept {
    return duration{static_cast<duration::rep>(count_ == 0 ? 0 : sum_ / count_)};
}

duration latency_histogram::percentile(double of_hundred) const noexcept {
    const auto wanted =
        static_cast<std::uint64_t>(std::ceil(static_cast<double>(count_) * of_hundred / 100));
    std::uint64_t seen = 0;
    for (std::size_t at = 0; at < buckets; ++at) {
        seen += counts_[at];
        if (seen > 0 && seen >= wanted)
            return std::min(duration{static_cast<duration::rep>(highest(at))}, largest_);
    }
    return largest_;
}

}  // namespace weir::app
