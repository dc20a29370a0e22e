// http_differential [--seed FIRST] [--bytes N]
//
// Runs generated cases from seed FIRST on, until their inputs are N bytes together (10^9 if nothing
// is said), or the machine and the plain reader disagree. A run of 10^8 bytes or more fails as well
// where it has not reached everything that it is to compare. `--bytes 1` runs a single case again.
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "http/differential/differential.hpp"

namespace {

std::uint64_t option(int count, char** words, std::string_view name, std::uint64_t otherwise) {
    for (int at = 1; at + 1 < count; ++at)
        if (words[at] == name) return std::stoull(words[at + 1]);
    return otherwise;
}

// A tenth of what ctest runs: every violation comes more than a hundred times in it.
constexpr std::uint64_t enough_bytes = 100'000'000;

}  // namespace

int main(int count, char** words) {
    const std::uint64_t first = option(count, words, "--seed", 1'000'000);
    const std::uint64_t bytes = option(count, words, "--bytes", 1'000'000'000);
    weir::http::differential_counts counts;
    for (std::uint64_t seed = first; counts.bytes() < bytes; ++seed) {
        const std::string disagreement = weir::http::run_case(seed, counts);
        if (disagreement.empty()) continue;
        std::cerr << disagreement;
        return EXIT_FAILURE;
    }
    std::cout << counts.summary();
    if (counts.bytes() < enough_bytes) return EXIT_SUCCESS;
    const std::string missing = counts.missing();
    std::cerr << missing;
    return missing.empty() ? EXIT_SUCCESS : EXIT_FAILURE;
}
