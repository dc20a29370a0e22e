// The endpoints over length-prefixed frames of JSON, as docs/protocol.md says.
//
// Made before the service runs; what it is made from outlives it, and it outlives every connection.
#pragma once

#include "weir/metrics/registry.hpp"
#include "weir/net/connection.hpp"
#include "weir/task/task.hpp"

#include "app/api/frame_share.hpp"

namespace weir::app {

class frames_api {
public:
    frames_api(const data_service& data, const config& read, metrics::registry& metrics)
        : share_{data, read, metrics} {}

    // A connection, from its first byte until it is over.
    task<> serve(net::connection& connection);

private:
    frame_share share_;
};

}  // namespace weir::app
