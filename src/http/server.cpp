#include "weir/http/server.hpp"

#include <algorithm>
#include <stdexcept>

#include "weir/task/this_env.hpp"

#include "check_limits.hpp"
#include "server_state.hpp"
#include "session.hpp"

namespace weir::inline v0::http {
namespace {

void check(const server_options& options) {
    check(options.limits);
    if (options.limits.max_target_bytes > io::block_writer::largest_room)
        throw std::invalid_argument{
            "http: a target is decoded in one block; max_target_bytes is "
            "larger than that"};
    if (options.max_in_flight == 0)
        throw std::invalid_argument{"http: max_in_flight is 0, nothing would be answered"};
    if (!options.wall_clock) throw std::invalid_argument{"http: there is no wall_clock"};
}

// The state comes by value: it lives as long as a connection that it serves. A connection that
// ends, or breaks, between two requests owes nothing.
task<> serve_connection(net::connection& connection, std::shared_ptr<server_state> state) {
    session served{connection, state->share_of(connection.loop())};
    const environment& env = co_await this_env{};
    result<> came;
    if (connection.input().empty()) came = co_await connection.fill();
    while (came) {
        if (auto more = served.serve_batch(env)) co_await std::move(*more);
        if (!served.rests()) co_return;
        came = co_await connection.fill();
    }
}

}  // namespace

server_state::server_state(router routes, const server_options& options)
    : options_{options}, routes_{std::move(routes.table_)} {
    check(options_);
    routes_->seal(options_);
    // What a route may read is known when its request's head is; until then it may be any route.
    options_.limits.max_body_bytes = routes_->largest_body();
    if (options_.metrics != nullptr) metrics_.emplace(*options_.metrics);
}

loop_share& server_state::share_of(io::loop& loop) {
    const lock_guard lock{mutex_};
    for (const auto& each : shares_)
        if (&each->loop() == &loop) return *each;
    shares_.push_back(
        std::make_unique<loop_share>(loop, options_, *routes_, metrics_ ? &*metrics_ : nullptr));
    return *shares_.back();
}

server::server(router routes, const server_options& options)
    : state_{std::make_shared<server_state>(std::move(routes), options)} {}

std::unique_ptr<net::session> server::open(net::connection& connection) const {
    return std::make_unique<session>(connection, state_->share_of(connection.loop()));
}

task<> server::operator()(net::connection& connection) const {
    return serve_connection(connection, state_);
}

}  // namespace weir::inline v0::http
