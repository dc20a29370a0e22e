// What a pool knows of itself, at a moment that has passed.
#pragma once

#include <cstddef>
#include <cstdint>

namespace weir::inline v0::pool {

struct stats {
    // Now; idle + in_use + creating never exceeds options::max_size.
    std::size_t in_use = 0;    // leased
    std::size_t idle = 0;      // ready to be leased
    std::size_t creating = 0;  // being made for somebody who waits for it
    std::size_t waiting = 0;   // those who wait for their turn

    // Since the start.
    std::uint64_t created = 0;
    std::uint64_t creation_failures = 0;  // ended without a resource: an error, a stop, a deadline
    std::uint64_t discarded = 0;          // resources that were destroyed, for whatever reason
    std::uint64_t slow_acquires = 0;

    std::size_t size() const noexcept { return in_use + idle + creating; }
};

}  // namespace weir::inline v0::pool
