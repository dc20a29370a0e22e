// Everything that the simulated network decides, out of one seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

namespace weir::inline v0::sim {

class choices {
public:
    explicit choices(std::uint64_t seed) noexcept : plain_{seed == 0}, state_{seed} {}

    // Seed 0 always answers with true, and with no limit.
    bool coin() noexcept { return plain_ || (number() & 1U) == 0; }
    // How many bytes a transfer goes on by at most.
    std::size_t chunk() noexcept {
        if (coin()) return std::numeric_limits<std::size_t>::max();
        return 1 + static_cast<std::size_t>(number() % largest_chunk);
    }

    // SplitMix64: Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators (2014).
    std::uint64_t number() noexcept {
        std::uint64_t mixed = (state_ += 0x9e3779b97f4a7c15U);
        mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
        return mixed ^ (mixed >> 31U);
    }

private:
    static constexpr std::uint64_t largest_chunk = 4096;

    bool plain_;
    std::uint64_t state_;
};

}  // namespace weir::inline v0::sim
