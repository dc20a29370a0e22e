#include "closings.hpp"

namespace weir::inline v0 {

std::string_view to_string(closing how) noexcept {
    switch (how) {
        case closing::finished:
            return "finished";
        case closing::reset:
            return "reset";
        case closing::write_timeout:
            return "write_timeout";
        case closing::cut_off:
            return "cut_off";
        case closing::destroyed:
            return "destroyed";
        case closing::failed:
            return "failed";
    }
    return "failed";
}

closing closing_of(const net::connection& ended) noexcept {
    const errc why = ended.broken();
    if (why == errc::closed) return closing::finished;
    if (why == errc::reset) return closing::reset;
    return why == errc::timed_out ? closing::write_timeout : closing::failed;
}

closings::closings(const metrics::family<metrics::counter>& family, unsigned shard) {
    for (std::size_t at = 0; at < closing_count; ++at) {
        cells_[at] = family.with({to_string(static_cast<closing>(at))}).at(shard);
    }
}

}  // namespace weir::inline v0
