// A number that only grows.
//
// Look a handle up once (family::with), bind it to a loop (at), keep it: the hot path then touches
// one cell and takes about a nanosecond. A handle made by default counts nothing, so that parts can
// be used without a registry. Handles are copied freely and must not outlive their registry.
#pragma once

#include <cstdint>

#include "weir/metrics/series.hpp"

namespace weir::inline v0::metrics {

// One loop's part of a counter; only that loop's thread may add to it.
class counter_cell {
public:
    counter_cell() noexcept = default;

    void add(std::uint64_t n = 1) const noexcept {
        if (cell_ != nullptr) detail::add_alone(*cell_, n);
    }

private:
    friend class counter;
    explicit counter_cell(detail::cell* cell) noexcept : cell_{cell} {}

    detail::cell* cell_ = nullptr;
};

class counter {
public:
    counter() noexcept = default;
    explicit counter(const detail::series& series) noexcept : series_{&series} {}

    // Errors: throws std::out_of_range where the registry has no loop of that number.
    counter_cell at(unsigned shard) const {
        return series_ == nullptr ? counter_cell{} : counter_cell{series_->of_loop(shard)};
    }

    // From any thread, a loop's or not; an atomic addition.
    void add(std::uint64_t n = 1) const noexcept {
        if (series_ != nullptr) detail::add_shared(*series_->shared(), n);
    }

    std::uint64_t value() const noexcept { return series_ == nullptr ? 0 : series_->sum(0); }

private:
    const detail::series* series_ = nullptr;
};

}  // namespace weir::inline v0::metrics
