// How long connecting may take, and who else is tried meanwhile.
#pragma once

#include "weir/io/engine.hpp"

namespace weir::inline v0::net {

struct dial_options {
    dial_options() = default;
    // For looking up names and trying every address, beside the deadline of whoever waits.
    duration timeout = std::chrono::seconds{10};
    // How long an address may be silent before the next one is tried as well: RFC 8305's Connection
    // Attempt Delay, section 5. What is beyond its bounds, 10 ms and 2 s, is taken for the bound.
    duration attempt_delay = std::chrono::milliseconds{250};
    // An attempt goes on while there is time. Only where more addresses are to come than may be
    // tried at once, which is eight, one that does not answer gets its share of the time that is
    // left, and where that is less, so much. Names are looked up one at a time, and each gets its
    // share likewise.
    duration least_attempt = std::chrono::seconds{2};
    // Of the connection, once it is there: how long its peer may be silent where it should answer.
    duration user_timeout = io::default_user_timeout;
};

}  // namespace weir::inline v0::net
