// Which loop serves what comes in on which processor. It belongs to the first loop's thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace weir::inline v0 {

class home_loops {
public:
    // The loop that was given to this processor; where it is seen for the first time, it gets the
    // one that the caller would choose. Throws std::bad_alloc.
    template <class Choose>
    std::size_t of(int processor, Choose&& choose) {
        const auto found = std::find_if(homes_.begin(), homes_.end(),
                                        [&](const home& each) { return each.of == processor; });
        if (found != homes_.end()) return found->loop;
        return homes_.emplace_back(home{processor, choose()}).loop;
    }

private:
    struct home {
        int of;
        std::size_t loop;
    };

    std::vector<home> homes_;  // no more than the machine has processors
};

}  // namespace weir::inline v0
