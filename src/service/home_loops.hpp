// Which loop serves what comes in on which processor. It belongs to the first loop's thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace weir::inline v0 {

class home_loops {
public:
    // The loop that was given to this processor. Where it is seen for the first time, one of those
    // that fewest processors have, and of them the one with the fewest connections: open(loop) says
    // how many. Throws std::bad_alloc.
    template <class Open>
    std::size_t of(int processor, std::size_t loops, Open&& open) {
        for (const home& each : homes_)
            if (each.of == processor) return each.loop;
        std::size_t best = 0;
        for (std::size_t loop = 1; loop < loops; ++loop)
            if (std::pair{processors(loop), open(loop)} < std::pair{processors(best), open(best)})
                best = loop;
        homes_.push_back({processor, best});
        return best;
    }

private:
    struct home {
        int of;
        std::size_t loop;
    };

    std::ptrdiff_t processors(std::size_t loop) const noexcept {
        return std::count_if(homes_.begin(), homes_.end(),
                             [&](const home& each) { return each.loop == loop; });
    }

    std::vector<home> homes_;  // no more than the machine has processors
};

}  // namespace weir::inline v0
