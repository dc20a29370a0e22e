// One connection of a client: what it is while it serves a request, and while it rests.
//
// A connection that rests is listened to: what its peer says then, its end included, ends it at
// once, and so does the idle timeout. What is left is given up by the pool when its turn comes.
#pragma once

#include <memory>
#include <optional>

#include "weir/base/intrusive_list.hpp"
#include "weir/http/client_hold.hpp"
#include "weir/net/connection.hpp"
#include "weir/pool/lease.hpp"
#include "weir/task/timer.hpp"

#include "arrivals.hpp"
#include "client_exchange.hpp"

namespace weir::inline v0::http {

class client_state;

class client_link final : public list_hook<client_link>, arrivals::owner, timer {
public:
    // Lifetime: owner outlives it.
    client_link(client_state& owner, std::unique_ptr<io::transport> transport);
    client_link(const client_link&) = delete;
    client_link& operator=(const client_link&) = delete;
    // What is in the middle of an exchange, or of another protocol, ends with a reset: its peer is
    // to stop.
    ~client_link();

    // Is lent to a request.
    static client_hold hold(pool::lease<client_link> lease) noexcept;
    // By one more.
    client_hold share() noexcept;

    client_state& owner() const noexcept { return *owner_; }
    client_exchange& exchange() noexcept { return exchange_; }
    // A request begins. Errors: as client_exchange::begin().
    result<> begin(const sent_head& request);
    // Its request was answered with 101, and it never rests.
    void leave_http() noexcept;
    // It has served a request before the one at hand.
    bool reused() const noexcept { return requests_ > 1; }

    // A request has ended, or none began. Errors: closed; it cannot serve another one.
    result<> rest() noexcept;
    // Is lent again. Errors: closed.
    result<> wake() noexcept;
    // While it rests.
    void close() noexcept;

private:
    friend client_link_giver;

    void let_go() noexcept;
    void arrived_unawaited() noexcept override;
    void on_expiry() noexcept override;
    void end_exchange() noexcept;
    bool resting() const noexcept { return list_hook<client_link>::linked(); }
    bool cut_short() const noexcept;

    client_state* owner_;
    pool::lease<client_link> lease_;  // while somebody holds it
    unsigned holders_ = 0;
    std::optional<net::connection> connection_;
    arrivals arrivals_;
    client_exchange exchange_;
    time_point rests_until_ = never;
    std::uint64_t requests_ = 0;
    bool in_flight_ = false;
};

}  // namespace weir::inline v0::http
