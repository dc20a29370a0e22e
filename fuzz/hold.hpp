// What must be so, whatever the input is. Where it is not, the exception ends a fuzzer, which keeps
// the input, and fails the test that replays one.
#pragma once

#include <stdexcept>

namespace weir::fuzz {

inline void hold(bool so, const char* what) {
    if (!so) throw std::logic_error{what};
}

}  // namespace weir::fuzz
