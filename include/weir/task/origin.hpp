// On whose behalf something runs, for those who look at a loop from outside.
#pragma once

#include <cstdint>

namespace weir::inline v0 {

struct origin {
    // What runs, as its owner calls it. It may be read for as long as nothing else went on.
    const char* name = "";
    std::uint64_t number = 0;  // of the connection; 0: of none
};

}  // namespace weir::inline v0
