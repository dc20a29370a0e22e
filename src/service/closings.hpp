// How the connections of one loop ended, counted. A fixed set, so that each is a series from the
// start.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "weir/metrics/counter.hpp"
#include "weir/metrics/family.hpp"
#include "weir/net/connection.hpp"

namespace weir::inline v0 {

enum class closing : std::uint8_t {
    finished,       // in order, by either side, or idle for too long
    reset,          // by the peer
    write_timeout,  // the peer did not take what it was sent
    cut_off,        // at the deadline of a drain, or of its age
    destroyed,      // its handler did not end when it was cut off
    failed,         // its handler threw, or left it with bytes unsent
};
inline constexpr std::size_t closing_count = 6;

std::string_view to_string(closing how) noexcept;
// Of one whose handler has ended.
closing closing_of(const net::connection& ended) noexcept;

class closings {
public:
    closings(const metrics::family<metrics::counter>& family, unsigned shard);
    void count(closing how) const noexcept { cells_[static_cast<std::size_t>(how)].add(); }

private:
    std::array<metrics::counter_cell, closing_count> cells_;
};

}  // namespace weir::inline v0
