// What all connections of one loop have in common: the states of requests that nobody uses now, the
// date, the count of requests in flight, the metrics. It belongs to its loop's thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/flow/semaphore.hpp"
#include "weir/http/date.hpp"
#include "weir/http/request.hpp"
#include "weir/http/request_machine.hpp"
#include "weir/http/server_options.hpp"
#include "weir/net/connection.hpp"

#include "exchange.hpp"
#include "number_source.hpp"
#include "route_table.hpp"
#include "server_metrics.hpp"

namespace weir::inline v0::http {

// The Date of an answer, made once a second.
class date_line {
public:
    std::string_view at(time_point now, const io::wall_clock& clock) {
        if (now >= until_) refresh(now, clock);
        return date_.text();
    }

private:
    void refresh(time_point now, const io::wall_clock& clock);

    time_point until_ = time_point::min();
    date date_{0};
};

class loop_share {
public:
    loop_share(io::loop& loop, const server_options& options, const route_table& routes,
               const server_metrics* families);

    // An exchange for as long as the lease lives, its machine where the last one has stopped.
    // Lifetime: the environment is there as long as the lease.
    class lease;
    lease borrow(request_machine::pause rest, const environment& env);

    io::loop& loop() const noexcept { return loop_; }
    const server_options& options() const noexcept { return options_; }
    const route_table& routes() const noexcept { return routes_; }
    loop_metrics& metrics() noexcept { return metrics_; }
    flow::semaphore& in_flight() noexcept { return in_flight_; }
    std::string_view date() { return date_.at(loop_.now(), options_.wall_clock); }
    // What a handler threw, and a handler that ignores that its time is over: to whoever the
    // options name, else to the log of the service that runs the connection.
    void threw(const request& which, const net::connection& from, std::string_view text) noexcept;
    void overdue(const request& which, const net::connection& from) noexcept;
    std::uint64_t next_number() noexcept { return ++last_number_; }
    number_source& numbers() noexcept { return numbers_; }

private:
    static constexpr std::size_t most_kept = 128;

    io::loop& loop_;
    const server_options& options_;
    const route_table& routes_;
    loop_metrics metrics_;
    flow::semaphore in_flight_;
    date_line date_;
    std::uint64_t last_number_;
    number_source numbers_;
    std::vector<std::unique_ptr<exchange>> unused_;
};

class [[nodiscard]] loop_share::lease {
public:
    lease(loop_share& owner, std::unique_ptr<exchange> held) noexcept
        : owner_{owner}, held_{std::move(held)} {}
    lease(lease&&) noexcept = default;
    lease& operator=(lease&&) = delete;
    ~lease() { give_back(); }

    exchange& operator*() const noexcept { return *held_; }
    // Before its time.
    void give_back() noexcept;

private:
    loop_share& owner_;
    std::unique_ptr<exchange> held_;
};

}  // namespace weir::inline v0::http
