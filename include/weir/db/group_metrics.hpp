// What a database tells of its groups of writes, as each ends.
#pragma once

#include "weir/metrics/histogram.hpp"

namespace weir::inline v0::db {

struct group_metrics {
    metrics::histogram statements;  // a statement counts as a second
    metrics::histogram took;        // from the first statement to the commit's end
};

}  // namespace weir::inline v0::db
