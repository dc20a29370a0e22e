// Numbers that no two requests share, for ids: not to be guessed by chance, but no secrets.
#pragma once

#include <cstdint>

namespace weir::inline v0::http {

class number_source {
public:
    explicit number_source(std::uint64_t seed) noexcept : state_{seed} {}

    // SplitMix64 (Steele, Lea, Flood, Fast Splittable Pseudorandom Number Generators, 2014): each
    // number comes once in 2^64.
    std::uint64_t next() noexcept {
        state_ += 0x9E37'79B9'7F4A'7C15;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58'476D'1CE4'E5B9;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D0'49BB'1331'11EB;
        return mixed ^ (mixed >> 31U);
    }

private:
    std::uint64_t state_;
};

}  // namespace weir::inline v0::http
