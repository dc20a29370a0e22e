// Which loop serves what comes in on which processor: one that is seen for the first time gets the
// next loop. It belongs to the first loop's thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace weir::inline v0 {

class home_loops {
public:
    // One of so many. Throws std::bad_alloc.
    std::size_t of(int processor, std::size_t loops) {
        auto found = std::find(seen_.begin(), seen_.end(), processor);
        if (found == seen_.end()) found = seen_.insert(found, processor);
        return static_cast<std::size_t>(found - seen_.begin()) % loops;
    }

private:
    std::vector<int> seen_;  // no more than the machine has
};

}  // namespace weir::inline v0
