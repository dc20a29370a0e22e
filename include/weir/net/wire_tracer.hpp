// Sees what one connection carries, for those who look for what is wrong with its peer.
#pragma once

#include "weir/base/bytes.hpp"

namespace weir::inline v0::net {

// On the connection's loop, and its connection's own: it ends with it, or in one of the calls by
// connection.trace(nullptr). The bytes are there for the call only; they may be secret.
class wire_tracer {
public:
    virtual ~wire_tracer() = default;

    virtual void received(bytes_view bytes) noexcept = 0;
    // What is being sent; the peer may get less of it, where the connection breaks.
    virtual void sending(bytes_view bytes) noexcept = 0;
};

}  // namespace weir::inline v0::net
