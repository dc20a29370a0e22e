#include "app/load/tally.hpp"

#include <numeric>

namespace weir::app {

std::string_view to_string(failure which) noexcept {
    switch (which) {
        case failure::connect:
            return "connect";
        case failure::reset:
            return "reset";
        case failure::closed_early:
            return "closed_early";
        case failure::timed_out:
            return "timed_out";
        case failure::malformed:
            return "malformed";
    }
    return "unknown";
}

failure failure_of(errc why) noexcept {
    if (why == errc::end_of_stream) return failure::closed_early;
    if (why == errc::timed_out) return failure::timed_out;
    if (why == errc::malformed || why == errc::too_large) return failure::malformed;
    return failure::reset;
}

void tally::refused(std::string_view what) {
    ++refused_;
    const auto found = refusals_.find(what);
    if (found == refusals_.end())
        refusals_.emplace(what, 1);
    else
        ++found->second;
}

std::uint64_t tally::errors() const noexcept {
    return std::accumulate(failures_.begin(), failures_.end(), refused_ + unsent_);
}

}  // namespace weir::app
