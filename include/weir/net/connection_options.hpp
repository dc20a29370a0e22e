// What a connection may cost: time and memory.
#pragma once

#include <cstddef>

#include "weir/base/clock.hpp"

namespace weir::inline v0::net {

struct connection_options {
    connection_options() = default;
    // A read that waits longer ends with errc::timed_out, unless a read deadline says otherwise.
    duration idle_timeout = std::chrono::seconds{75};
    // What is being sent must be gone within it, or the connection breaks with errc::timed_out;
    // what is written meanwhile has its own time after that.
    duration write_timeout = std::chrono::seconds{30};
    // What may wait to be sent; write() beyond it fails, and the peer gets no more until it reads.
    std::size_t output_limit = std::size_t{1} << 20U;
    // The largest input that fill() collects for one message.
    std::size_t input_limit = std::size_t{16} << 20U;
};

}  // namespace weir::inline v0::net
