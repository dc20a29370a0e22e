// "Did you mean": the known word that a mistyped one is nearest to.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace weir::app {

// The word of the fewest edits (insert, delete, replace, swap neighbours), where these are no more
// than a third of its letters; else empty. The view is one of the words.
std::string_view nearest(std::string_view typed, std::span<const std::string_view> words);

// `; did you mean "listen"?`, or nothing.
std::string did_you_mean(std::string_view typed, std::span<const std::string_view> words);

}  // namespace weir::app
