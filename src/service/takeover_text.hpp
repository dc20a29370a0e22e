// What predecessor and successor tell each other over a unix socket; docs/adr/0016 says why so.
//
//     predecessor   weir-takeover 1        with all its listening sockets
//                   socket                 a line for each of them, in order
//                   socket kept            one that a service manager keeps
//                   notify /run/...        whom to tell of readiness, where there is somebody
//                   watchdog-us 30000000   and how long that one may hear nothing
//                                          (an empty line)
//     successor     ready 0 1              it could accept: which it took, by their places
//     predecessor   yours                  it stops accepting from these, and drains, at once
//
// Text only: no sockets, no time. Either side may leave before "yours", and nothing has happened.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.hpp"

#include "supervisor.hpp"

namespace weir::inline v0 {

struct takeover_offer {
    std::vector<bool> kept;  // for each socket, whether a manager keeps it
    supervisor watched_by;
};

std::string to_text(const takeover_offer& offer);
// Errors: malformed, also where it is another version's; unavailable where it is a refusal.
result<takeover_offer> parse_offer(std::string_view text);

// In place of an offer, while another successor has one.
inline constexpr std::string_view takeover_refusal = "busy\n\n";

std::string ready_line(const std::vector<std::size_t>& taken);
// Without its end. Places are below `count`. Errors: malformed.
result<std::vector<std::size_t>> parse_ready(std::string_view line, std::size_t count);

inline constexpr std::string_view handed_over_line = "yours";

}  // namespace weir::inline v0
