// One loop's share of a service: its connections, from accepted to closed.
//
// Everything belongs to the loop's thread, except open() and drain().
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <system_error>

#include "weir/base/intrusive_list.hpp"
#include "weir/flow/event.hpp"
#include "weir/io/notice.hpp"
#include "weir/task/scope.hpp"

#include "closings.hpp"
#include "live_connection.hpp"
#include "look.hpp"
#include "state.hpp"
#include "wire_trace.hpp"

namespace weir::inline v0 {

class worker {
public:
    worker(service_state& service, io::loop& loop);

    // Until a drain has ended; then no connection is left. Errors: timed_out, where some were cut
    // off.
    task<result<>> run();
    // From any thread, while run() lasts: a connection to serve.
    void hand_over(io::native_socket socket, const listening& from, address_counts::permit permit);
    void drain() noexcept { drain_.give(); }
    io::loop& loop() const noexcept { return loop_; }
    // What is here at this moment.
    loop_report look(look_wanted wanted);
    // Tells to what a connection carries from now on. Errors, told at once: not_found where it is
    // not here, conflict where it is traced already.
    void trace(std::uint64_t connection, duration time, traced_text::sender to) noexcept;
    // Connections that are here or on their way here.
    std::size_t open() const noexcept { return open_.load(std::memory_order_relaxed); }

private:
    friend class live_connection;
    class arrival;

    void take(arrival& came) noexcept;
    void not_taken(const std::system_error& why) noexcept;
    // Of one that is counted as here or on its way.
    void leave() noexcept;
    // Tells now and then that this loop turns.
    task<> beat();
    task<> cut_off();
    // When a connection that comes now is as old as it may become; never where there is no limit.
    time_point retirement() noexcept;
    // When it begins to drain for its age, or is cut off for that.
    time_point age_deadline(const live_connection& which) const noexcept;
    // Connections that are older than they may become.
    void retire_old() noexcept;
    void cut(live_connection& which) noexcept;
    // Whose handler ignores the stop.
    void destroy(live_connection& which) noexcept;
    void tell(const live_connection& which) noexcept;
    void ended(const live_connection& which) noexcept;
    static void start_trace(live_connection& of, duration time, traced_text::sender to) noexcept;
    connection_report report_of(const live_connection& which) const;
    void report(const error& why) noexcept;

    service_state& service_;
    io::loop& loop_;
    net::traffic traffic_;
    closings closings_;
    metrics::gauge_cell open_gauge_;
    std::atomic<std::size_t> open_ = 0;
    io::notice drain_;
    bool draining_ = false;
    std::size_t cut_ = 0;
    intrusive_list<live_connection, live_connection> live_;  // the oldest first
    flow::event all_ended_;
    std::optional<task_scope> connections_;
};

}  // namespace weir::inline v0
