// What a connection may cost: time and memory.
#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/base/clock.hpp"

namespace weir::inline v0::net {

struct connection_options {
    connection_options() = default;
    // A read that waits longer ends with errc::timed_out, unless a read deadline says otherwise.
    duration idle_timeout = std::chrono::seconds{75};
    // Bytes per second that a peer must send while a message is under way (connection::in_message),
    // counted over each idle_timeout that is spent waiting for it; a read that is under way when
    // less has come ends with errc::timed_out. Not for a protocol that is amid a message for as
    // long as it lasts. 0: anything at all is enough in each idle_timeout.
    std::uint64_t min_receive_rate = 0;
    // What is being sent must be gone within it, or the connection breaks with errc::timed_out;
    // what is written meanwhile has its own time after that. Of what takes longer at min_send_rate,
    // as a large view may, the peer must take at that rate in each write_timeout.
    duration write_timeout = std::chrono::seconds{30};
    // Bytes per second; a full output_limit takes about a write_timeout. 0: anything at all is
    // enough in each write_timeout.
    std::uint64_t min_send_rate = std::uint64_t{32} << 10U;
    // What may wait to be sent; write() beyond it fails, and the peer gets no more until it reads.
    std::size_t output_limit = std::size_t{1} << 20U;
    // The largest input that fill() collects for one message.
    std::size_t input_limit = std::size_t{16} << 20U;
};

}  // namespace weir::inline v0::net
