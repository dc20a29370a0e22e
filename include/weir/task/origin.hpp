// On whose behalf something runs, for those who look at a loop from outside.
#pragma once

#include <cstdint>

namespace weir::inline v0 {

struct origin {
    const char* name = "";     // what runs, as its owner calls it; outlives the loop's last turn
    std::uint64_t number = 0;  // of the connection; 0: of none
};

}  // namespace weir::inline v0
