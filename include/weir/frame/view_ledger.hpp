// Which frames were given up lately, so that a debug build notices who still looks at one.
//
// A frame gets a generation where it is delivered. Whoever delivered it says when its bytes are no
// longer good; a view that is asked for them later ends the process, which names the places. The
// last frames of each thread are known, and of those that are not nothing is said. Without NDEBUG
// only: otherwise nobody asks.
#pragma once

#include <cstdint>
#include <source_location>

#include "weir/base/api.hpp"

namespace weir::inline v0::frame {

class WEIR_API view_ledger {
public:
    // A frame is delivered to place. Answers with its generation, which is not 0.
    static std::uint32_t begin(const std::source_location& place) noexcept;
    // It is given up by what is done at place.
    static void end(std::uint32_t generation, const std::source_location& place) noexcept;
    // Its bytes are asked for at place, which has no line where that is not known.
    static void check(std::uint32_t generation, const std::source_location& place) noexcept;
};

}  // namespace weir::inline v0::frame
