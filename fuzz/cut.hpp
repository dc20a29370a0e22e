// Where an input is cut into pieces: a function of its bytes, so that a finding is found again.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "weir/base/bytes.hpp"

namespace weir::fuzz {

// FNV-1a (Fowler, Noll, Vo).
inline std::uint64_t hash_of(bytes_view input) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const std::byte each : input)
        hash = (hash ^ std::to_integer<std::uint64_t>(each)) * 0x100000001b3U;
    return hash;
}

// Rising; byte by byte for one short input in eight.
inline std::vector<std::size_t> cuts_of(bytes_view input) {
    std::vector<std::size_t> cuts;
    std::uint64_t rest = hash_of(input);
    if (input.size() < 200 && rest % 8 == 0) {
        cuts.reserve(input.size());
        for (std::size_t at = 1; at < input.size(); ++at) cuts.push_back(at);
        return cuts;
    }
    cuts.reserve(4);
    for (; rest != 0; rest >>= 16U) cuts.push_back((rest & 0xFFFFU) % (input.size() + 1));
    std::ranges::sort(cuts);
    return cuts;
}

}  // namespace weir::fuzz
