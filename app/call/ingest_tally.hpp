// What became of the rows, and how that is told.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/clock.hpp"

namespace weir::app {

class ingest_tally {
public:
    explicit ingest_tally(time_point began) noexcept : began_{began} {}

    void sent() noexcept { ++sent_; }
    void acknowledged() noexcept { ++acknowledged_; }
    // The server does not want it, or it is no row.
    void refused(std::size_t line, std::string_view why) { tell(refused_, line, why); }
    // It may have been stored: its connection was lost or nobody waited for its answer, and nothing
    // tells it from another.
    void uncertain(std::size_t line, std::string_view why) { tell(uncertain_, line, why); }

    std::size_t acknowledged_rows() const noexcept { return acknowledged_; }
    bool all_well() const noexcept { return refused_ == 0 && uncertain_ == 0; }

    // One line, for a terminal.
    std::string progress(time_point now) const;
    // Several: the counts, then the first reasons.
    std::string summary(time_point now) const;

private:
    static constexpr std::size_t most_reasons = 5;

    void tell(std::size_t& count, std::size_t line, std::string_view why);
    double rate(time_point now) const noexcept;

    time_point began_;
    std::size_t sent_ = 0;
    std::size_t acknowledged_ = 0;
    std::size_t refused_ = 0;
    std::size_t uncertain_ = 0;
    std::vector<std::string> reasons_;
};

}  // namespace weir::app
