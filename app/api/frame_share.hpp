// What all connections that speak frames have in common.
#pragma once

#include <cstddef>

#include "app/api/frame_metrics.hpp"
#include "app/api/large_calls.hpp"
#include "app/api/loop_readers.hpp"
#include "app/api/token_check.hpp"
#include "app/config/config.hpp"
#include "app/data/data_service.hpp"

namespace weir::app {

struct frame_share {
    // Lifetime: all three outlive it.
    frame_share(const data_service& data, const config& read, metrics::registry& metrics)
        : data{&data},
          in_flight{read.limits.in_flight},
          max_frame{read.limits.frame()},
          integers{read.json.big_integers},
          tokens{read.frames.auth},
          readers{metrics.shards()},
          large{metrics.shards(), max_frame},
          metrics{metrics, data.endpoints()} {}

    const data_service* data;
    std::size_t in_flight;
    std::size_t max_frame;  // of those that come
    integer_style integers;
    token_check tokens;
    loop_readers readers;
    large_calls large;
    frame_metrics metrics;
};

}  // namespace weir::app
