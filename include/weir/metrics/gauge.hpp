// A number that goes up and down. It is the sum of what each loop, and all other threads together,
// have added and taken away, so one loop may take away what another added.
//
// Handles are used like a counter's.
#pragma once

#include <cstdint>

#include "weir/metrics/series.hpp"

namespace weir::inline v0::metrics {

// One loop's part of a gauge; only that loop's thread may change it.
class gauge_cell {
public:
    gauge_cell() noexcept = default;

    void add(std::int64_t n = 1) const noexcept {
        if (cell_ != nullptr) detail::add_alone(*cell_, static_cast<std::uint64_t>(n));
    }
    void sub(std::int64_t n = 1) const noexcept {
        if (cell_ != nullptr) detail::add_alone(*cell_, 0 - static_cast<std::uint64_t>(n));
    }
    // Sets this loop's part; the others' stay as they are.
    void set(std::int64_t n) const noexcept {
        if (cell_ != nullptr)
            cell_->store(static_cast<std::uint64_t>(n), std::memory_order_relaxed);
    }

private:
    friend class gauge;
    explicit gauge_cell(detail::cell* cell) noexcept : cell_{cell} {}

    detail::cell* cell_ = nullptr;
};

class gauge {
public:
    gauge() noexcept = default;
    explicit gauge(const detail::series& series) noexcept : series_{&series} {}

    // Errors: throws std::out_of_range where the registry has no loop of that number.
    gauge_cell at(unsigned shard) const {
        return series_ == nullptr ? gauge_cell{} : gauge_cell{series_->of_loop(shard)};
    }

    // From any thread, a loop's or not.
    void add(std::int64_t n = 1) const noexcept {
        if (series_ != nullptr)
            detail::add_shared(*series_->shared(), static_cast<std::uint64_t>(n));
    }
    void sub(std::int64_t n = 1) const noexcept {
        if (series_ != nullptr)
            detail::add_shared(*series_->shared(), 0 - static_cast<std::uint64_t>(n));
    }
    // Sets the part that is no loop's; the loops' stay as they are.
    void set(std::int64_t n) const noexcept {
        if (series_ != nullptr)
            series_->shared()->store(static_cast<std::uint64_t>(n), std::memory_order_relaxed);
    }

    std::int64_t value() const noexcept {
        return series_ == nullptr ? 0 : static_cast<std::int64_t>(series_->sum(0));
    }

private:
    const detail::series* series_ = nullptr;
};

}  // namespace weir::inline v0::metrics
