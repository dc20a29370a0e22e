#include "weir/metrics/bucket_layout.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <utility>

namespace weir::inline v0::metrics {

std::vector<duration> default_latency_bounds() {
    using namespace std::chrono_literals;
    return {50us,  100us, 250us, 500us, 1ms,    2500us, 5ms, 10ms, 25ms, 50ms,
            100ms, 250ms, 500ms, 1s,    2500ms, 5s,     10s, 30s,  60s};
}

bucket_layout::bucket_layout(std::vector<duration> bounds) : bounds_{std::move(bounds)} {
    if (bounds_.empty() || bounds_.size() > max_bounds)
        throw std::invalid_argument{"metrics: a histogram needs 1 to 256 bounds"};
    if (bounds_.front() <= duration::zero() || bounds_.back() == duration::max())
        throw std::invalid_argument{"metrics: a histogram's bounds must be positive and finite"};
    if (std::ranges::adjacent_find(bounds_, std::greater_equal{}) != bounds_.end())
        throw std::invalid_argument{"metrics: a histogram's bounds must rise"};
    bounds_.push_back(duration::max());

    for (std::size_t bits = 0; bits < first_.size(); ++bits) {
        const auto least = bits == 0 ? 0 : duration::rep{1} << (bits - 1);
        const auto bucket = std::ranges::lower_bound(bounds_, duration{least});
        first_[bits] = static_cast<std::uint16_t>(bucket - bounds_.begin());
    }
}

}  // namespace weir::inline v0::metrics
