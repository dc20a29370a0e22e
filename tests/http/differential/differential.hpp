// Whether the machine and the plain reader agree about generated inputs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "weir/http/limits.hpp"

#include "http/differential/counts.hpp"

namespace weir::inline v0::http {

// A case is its seed: whoever has that has the input, its limits and where it was cut.
struct differential_case {
    explicit differential_case(std::uint64_t seed);

    bool right = false;  // made without a fault, and hence not to be refused
    limits bounds;
    std::string input;
    std::vector<std::size_t> cuts;
};

// Has the case read by both, by the machine whole and in pieces. Empty where all three agree, and
// what is right is not refused; else the seed, the input and what each made of it.
std::string run_case(std::uint64_t seed, differential_counts& so_far);
// The same, but cut into two at every place, one after the other.
std::string run_splits(std::uint64_t seed);

}  // namespace weir::inline v0::http
