// How long things took: a count for each bucket of durations, and their sum.
//
// Handles are used like a counter's. The total count is not kept but added up from the buckets, so
// a scrape never shows a count that its buckets do not add up to.
#pragma once

#include <cstdint>

#include "weir/base/clock.hpp"
#include "weir/metrics/bucket_layout.hpp"
#include "weir/metrics/series.hpp"

namespace weir::inline v0::metrics {

// One loop's part of a histogram; only that loop's thread may observe into it.
class histogram_cell {
public:
    histogram_cell() noexcept = default;

    // times: so many took as long.
    void observe(duration took, std::uint64_t times = 1) const noexcept {
        if (cells_ == nullptr) return;
        const auto each = static_cast<std::uint64_t>(took.count() < 0 ? 0 : took.count());
        detail::add_alone(cells_[0], each * times);
        detail::add_alone(cells_[1 + layout_->index(took)], times);
    }

private:
    friend class histogram;
    histogram_cell(detail::cell* cells, const bucket_layout* layout) noexcept
        : cells_{cells}, layout_{layout} {}

    detail::cell* cells_ = nullptr;  // the sum in nanoseconds, then a cell for each bucket
    const bucket_layout* layout_ = nullptr;
};

class histogram {
public:
    histogram() noexcept = default;
    explicit histogram(const detail::series& series) noexcept : series_{&series} {}

    // Errors: throws std::out_of_range where the registry has no loop of that number.
    histogram_cell at(unsigned shard) const {
        if (series_ == nullptr) return {};
        return {series_->of_loop(shard), series_->layout};
    }

    // From any thread, a loop's or not.
    void observe(duration took) const noexcept {
        if (series_ == nullptr) return;
        detail::cell* cells = series_->shared();
        detail::add_shared(cells[0],
                           static_cast<std::uint64_t>(took.count() < 0 ? 0 : took.count()));
        detail::add_shared(cells[1 + series_->layout->index(took)], 1);
    }

    std::uint64_t count() const noexcept {
        std::uint64_t total = 0;
        if (series_ == nullptr) return total;
        for (std::size_t i = 0; i < series_->layout->buckets(); ++i) total += series_->sum(1 + i);
        return total;
    }
    duration sum() const noexcept {
        return duration{series_ == nullptr ? 0 : static_cast<duration::rep>(series_->sum(0))};
    }

private:
    const detail::series* series_ = nullptr;
};

}  // namespace weir::inline v0::metrics
