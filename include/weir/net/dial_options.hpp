// How long an attempt to connect may take.
#pragma once

#include "weir/base/clock.hpp"

namespace weir::inline v0::net {

struct dial_options {
    dial_options() = default;
    // For looking up names and trying every address, beside the deadline of whoever waits.
    duration timeout = std::chrono::seconds{10};
    // An address that does not answer gets its share of the time that is left, and where that is
    // less, so much; so it does not keep the next one from its turn.
    duration least_attempt = std::chrono::seconds{2};
};

}  // namespace weir::inline v0::net
