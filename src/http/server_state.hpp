// What the copies of one server share. Immutable while it serves, but for the list of the loops'
// shares, which grows when a loop's first connection comes.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "weir/base/mutex.hpp"
#include "weir/http/router.hpp"
#include "weir/http/server_options.hpp"

#include "loop_share.hpp"
#include "route_table.hpp"
#include "server_metrics.hpp"

namespace weir::inline v0::http {

class server_state {
public:
    server_state(router routes, const server_options& options);

    // From the loop's thread. Lifetime: this state.
    loop_share& share_of(io::loop& loop);

private:
    server_options options_;
    std::unique_ptr<route_table> routes_;
    std::optional<server_metrics> metrics_;
    mutex mutex_;
    std::vector<std::unique_ptr<loop_share>> shares_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::inline v0::http
