// What ends the process where a view is used too late, and what it says.
#pragma once

#include "weir/base/asan.hpp"
#include "weir/base/fence.hpp"

namespace weir::inline v0::test {

inline bool views_are_watched() { return under_asan || fence::up(); }

inline const char* caught() {
    return fence::up() ? "whose bytes are no longer there[^\n]*\n"
                         " *delivered at [^\n]+\n *given up at  [^\n]+\n"
                       : "use-after-poison|heap-use-after-free";
}

// Where somebody in this file asked for the view, and asked for something else.
inline const char* caught_between_two_lines() {
    return fence::up() ? "delivered at [^\n]*_test.cpp:[0-9]+\n *given up at [^\n]*_test.cpp:[0-9]+"
                       : caught();
}

}  // namespace weir::inline v0::test
