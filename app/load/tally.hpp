// What came of the requests of a run.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "weir/base/error.hpp"

#include "app/load/latency_histogram.hpp"

namespace weir::app {

// Why a request got no answer, or a connection did not come about.
enum class failure : std::uint8_t { connect, reset, closed_early, timed_out, malformed };

inline constexpr std::size_t failure_kinds = 5;

// The enumerator's name, as it is written above.
std::string_view to_string(failure which) noexcept;
// What an error of an open connection is counted as.
failure failure_of(errc why) noexcept;

class tally {
public:
    // An answer, good or not.
    void answered(duration took, std::size_t bytes) noexcept {
        latencies_.record(took);
        bytes_ += bytes;
    }
    // That the answer is an error: "status 503", or an error code of the framed protocol.
    void refused(std::string_view what);
    void failed(failure why, std::uint64_t requests = 1) noexcept {
        failures_[static_cast<std::size_t>(why)] += requests;
    }
    // Requests of an open loop that were due and for which no connection was free until the end.
    void unsent(std::uint64_t requests) noexcept { unsent_ = requests; }

    const latency_histogram& latencies() const noexcept { return latencies_; }
    std::uint64_t answers() const noexcept { return latencies_.count(); }
    std::uint64_t bytes() const noexcept { return bytes_; }
    const std::map<std::string, std::uint64_t, std::less<>>& refusals() const noexcept {
        return refusals_;
    }
    std::uint64_t failures(failure which) const noexcept {
        return failures_[static_cast<std::size_t>(which)];
    }
    std::uint64_t unsent() const noexcept { return unsent_; }
    // Refusals, failures and what was not sent.
    std::uint64_t errors() const noexcept;
    // Answers that are no errors.
    std::uint64_t good() const noexcept { return answers() - refused_; }

private:
    latency_histogram latencies_;
    std::uint64_t bytes_ = 0;
    std::map<std::string, std::uint64_t, std::less<>> refusals_;
    std::uint64_t refused_ = 0;
    std::array<std::uint64_t, failure_kinds> failures_{};
    std::uint64_t unsent_ = 0;
};

}  // namespace weir::app
