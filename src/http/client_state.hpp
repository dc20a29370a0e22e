// What a client's requests share: where to, its connections, its counts.
#pragma once

#include <memory>
#include <string>

#include "weir/base/intrusive_list.hpp"
#include "weir/http/client_options.hpp"
#include "weir/io/loop.hpp"
#include "weir/io/resolver.hpp"
#include "weir/net/connection_options.hpp"
#include "weir/pool/pool.hpp"

#include "client_link.hpp"
#include "client_metrics.hpp"

namespace weir::inline v0::http {

class client_state {
public:
    client_state(io::loop& loop, io::resolver& resolver, client_options options);

    io::loop& loop() const noexcept { return *loop_; }
    const client_options& options() const noexcept { return options_; }
    const net::connection_options& connection_options() const noexcept {
        return connection_options_;
    }
    const net::connection_options& switched_options() const noexcept { return switched_options_; }
    client_metrics& metrics() noexcept { return metrics_; }
    pool::pool<client_link>& links() noexcept { return links_; }
    // Connections without a request, each open.
    intrusive_list<client_link, client_link>& resting() noexcept { return resting_; }

    // An error names the hosts that were tried; unavailable, unless the caller's own stop or
    // deadline ended it.
    task<result<std::unique_ptr<client_link>>> connect();
    // One connection that had rested was gone: those beside it are not trusted either.
    void close_resting() noexcept {
        resting_.each([](client_link& each) { each.close(); });
    }

private:
    io::loop* loop_;
    io::resolver* resolver_;
    client_options options_;
    net::connection_options connection_options_;  // in HTTP its waits have times of their own
    net::connection_options switched_options_;
    client_metrics metrics_;
    intrusive_list<client_link, client_link> resting_;
    pool::pool<client_link> links_;
};

}  // namespace weir::inline v0::http
