// How much is gathered before it is sent.
#pragma once

#include <cstddef>

namespace weir::inline v0::http {

// Answers are gathered up to about this much before they are sent, whatever still waits.
inline constexpr std::size_t most_gathered = std::size_t{64} * 1024;
// A body, or a piece of one, up to this size is copied; a larger one is sent from where it is.
inline constexpr std::size_t most_copied = std::size_t{8} * 1024;

}  // namespace weir::inline v0::http
