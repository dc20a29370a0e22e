// Who may ask the admin pages, where that is for the service's owner to say.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

namespace weir::inline v0 {

namespace http {
class request;
class response;
}  // namespace http

// What a page does for whoever asks: tells how the service is, or changes something or shows what
// connections carry.
enum class admin_reach : std::uint8_t { figures, control };

// The answer to a request that is refused, a 401 for one; empty: it may go on. Called on a loop,
// for each request whose Host is good; must not block.
using admin_guard =
    std::function<std::optional<http::response>(const http::request& request, admin_reach reach)>;

}  // namespace weir::inline v0
