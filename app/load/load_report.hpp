// What a run came to: as text, as JSON, and against an earlier one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "weir/base/result.hpp"

#include "app/load/cpu_time.hpp"
#include "app/load/load_options.hpp"
#include "app/load/tally.hpp"

namespace weir::app {

struct load_report {
    std::string title;
    load_options options;
    tally counted;
    duration measured{};
    cpu_time used;

    // Answers a second.
    double rate() const noexcept;
    double cpu_us_per_answer() const noexcept;

    std::string text() const;
    // One object and a line end.
    std::string json() const;
};

// The figures of an earlier run that a later one is compared with.
struct load_baseline {
    std::string title;
    double rate = 0;
    double cpu_us_per_answer = 0;
    double errors = 0;
    double p50_us = 0, p90_us = 0, p99_us = 0, p99_9_us = 0, max_us = 0;
};

// Errors: malformed where the text is not what json() wrote.
result<load_baseline> read_baseline(std::string_view json);
// Each figure, and how many times the earlier one it is.
std::string compare(const load_report& now, const load_baseline& before);

}  // namespace weir::app
