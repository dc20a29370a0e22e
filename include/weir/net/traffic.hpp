// Where one loop's connections count what they do, and tell what went wrong.
#pragma once

#include <functional>
#include <string_view>

#include "weir/metrics/counter.hpp"

namespace weir::inline v0::net {

struct traffic {
    // Of connections that nobody counts for.
    static const traffic& uncounted() noexcept {
        static const traffic none;
        return none;
    }

    metrics::counter_cell received_bytes;
    metrics::counter_cell sent_bytes;
    // Incomplete messages that were given up, by the memory that was used up.
    metrics::counter_cell evicted_slabs;
    metrics::counter_cell evicted_assemblies;
    // A line for those who run all this. Must not throw.
    std::function<void(std::string_view)> problem;
};

}  // namespace weir::inline v0::net
