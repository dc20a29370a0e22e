// Where one loop's connections count what they do.
#pragma once

#include "weir/metrics/counter.hpp"

namespace weir::net {

struct traffic {
    metrics::counter_cell received_bytes;
    metrics::counter_cell sent_bytes;
};

}  // namespace weir::net
