// The endpoints over length-prefixed frames of JSON.
//
// Calls of one connection run at the same time, up to a limit, and are answered as they finish; at
// the limit the connection is not read, so that the peer has to wait. Made before the service runs;
// what it is made from outlives it, and it outlives every connection.
#pragma once

#include <cstddef>

#include "weir/frame/codec_options.hpp"
#include "weir/metrics/registry.hpp"
#include "weir/net/connection.hpp"
#include "weir/task/task.hpp"

#include "app/api/frame_metrics.hpp"
#include "app/api/loop_readers.hpp"
#include "app/config/config.hpp"
#include "app/data/data_service.hpp"

namespace weir::app {

class frames_api {
public:
    frames_api(const data_service& data, const config& read, metrics::registry& metrics);

    // A connection, from its first byte until it is over.
    task<> serve(net::connection& connection);

private:
    friend class frame_session;

    const data_service* data_;
    std::size_t in_flight_;
    integer_style integers_;
    loop_readers readers_;
    frame_metrics metrics_;
};

}  // namespace weir::app
