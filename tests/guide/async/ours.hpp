// The same two, as the library has them.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "weir/net/dial.hpp"
#include "weir/task/scope.hpp"
#include "weir/task/with_timeout.hpp"

#include "backend.hpp"

namespace guide::async {

// Waits without its thread.
inline weir::task<weir::result<>> connect_that_waits(weir::io::loop& loop,
                                                     weir::io::resolver& names, weir::net::host to,
                                                     weir::duration patience) {
    std::vector<weir::net::host> hosts{std::move(to)};
    auto dialing = weir::net::dial(loop, names, std::move(hosts));
    co_await weir::or_return(weir::with_timeout(patience, std::move(dialing)));
    co_return weir::result<>{};
}

// A timeout around the work: at its end the work is told, and awaited.
class timeout_around_the_work {
public:
    static weir::task<weir::result<>> ask(backend& whom, weir::task_scope&) {
        co_return co_await weir::with_timeout(std::chrono::seconds{1}, whom.answer());
    }
};

}  // namespace guide::async
