#include "app/config/nearest.hpp"

#include <algorithm>
#include <vector>

namespace weir::app {

namespace {

// Optimal string alignment: Levenshtein's distance with swapped neighbours as one edit.
std::size_t edits(std::string_view from, std::string_view to) {
    std::vector<std::size_t> before(to.size() + 1);
    std::vector<std::size_t> last(to.size() + 1);
    std::vector<std::size_t> row(to.size() + 1);
    for (std::size_t j = 0; j <= to.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= from.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= to.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
            const bool swapped =
                i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, last);
        std::swap(last, row);
    }
    return last[to.size()];
}

}  // namespace

std::string_view nearest(std::string_view typed, std::span<const std::string_view> words) {
    std::string_view best;
    std::size_t fewest = std::string_view::npos;
    // Longer than any word we know: not a slip of the finger, and not worth the square.
    if (typed.size() > 100) return best;
    for (const std::string_view word : words) {
        const std::size_t distance = edits(typed, word);
        const std::size_t allowed = std::max<std::size_t>(1, word.size() / 3);
        if (distance >= fewest || distance > allowed) continue;
        best = word;
        fewest = distance;
    }
    return best;
}

std::string did_you_mean(std::string_view typed, std::span<const std::string_view> words) {
    const std::string_view word = nearest(typed, words);
    return word.empty() ? std::string{} : "; did you mean \"" + std::string{word} + "\"?";
}

}  // namespace weir::app
