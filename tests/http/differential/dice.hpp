// All that a generated case decides, out of its seed: the same on every machine and compiler, which
// the standard library's distributions are not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace weir::inline v0::http {

class dice {
public:
    explicit dice(std::uint64_t seed) noexcept : state_{seed} {}

    // 0 to count - 1.
    std::size_t below(std::size_t count) noexcept {
        return static_cast<std::size_t>(number() % count);
    }
    std::size_t between(std::size_t least, std::size_t most) noexcept {
        return least + below(most - least + 1);
    }
    bool one_in(std::size_t count) noexcept { return below(count) == 0; }

    std::string_view pick(std::span<const std::string_view> from) noexcept {
        return from[below(from.size())];
    }
    // `size` bytes, each one of `from`.
    std::string some_of(std::string_view from, std::size_t size) {
        std::string made(size, '\0');
        for (char& each : made) each = from[below(from.size())];
        return made;
    }

private:
    // SplitMix64: Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators (2014).
    std::uint64_t number() noexcept {
        std::uint64_t mixed = (state_ += 0x9e3779b97f4a7c15U);
        mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
        return mixed ^ (mixed >> 31U);
    }

    std::uint64_t state_;
};

}  // namespace weir::inline v0::http
