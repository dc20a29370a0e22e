#include "live_connection.hpp"

#include <new>
#include <string>
#include <utility>

#include "worker.hpp"

namespace weir::inline v0 {

live_connection::counted::counted(worker& at) noexcept : at{at} { at.open_gauge_.add(1); }

live_connection::counted::~counted() {
    at.open_gauge_.add(-1);
    at.leave();
}

live_connection::live_connection(worker& at, std::unique_ptr<io::transport> transport,
                                 const listening& by, address_counts::permit permit) noexcept
    : scope_member{*at.connections_, stop, "connection"},
      counted_{at},
      permit_{std::move(permit)},
      from{&by},
      retires{at.retirement()},
      connection{std::move(transport), at.loop_, at.service_.options.connections, at.traffic_},
      stop{at.connections_->env().stop()} {
    runs_for({from->protocol.c_str(), ++at.service_.last_connection});
    at.live_.push_back(*this);
    if (at.draining_) connection.drain();
}

live_connection::~live_connection() { counted_.at.ended(*this); }

scope_member::step live_connection::next_step() {
    switch (stage_) {
        case stage::begin:
            return begin();
        case stage::serve:
            return serve();
        case stage::close:
            return close();
        case stage::end:
            break;
    }
    return ends{};
}

error live_connection::explain(error why) noexcept {
    try {
        return error{why.code(), "the handler of " + connection.peer().text() + " on " +
                                     from->address.text() + " threw: " + why.message()};
    } catch (const std::bad_alloc&) {
        return why;
    }
}

scope_member::step live_connection::begin() {
    session_ = from->handler.open(connection);
    stage_ = session_ ? stage::serve : stage::close;
    return session_ ? serve() : step{from->handler(connection)};
}

// Between two messages: it waits for input, and serve() goes on.
std::source_location live_connection::rests_at() const noexcept {
    return std::source_location::current();
}

// Waits for input, then serves it, as often as the session rests.
scope_member::step live_connection::serve() {
    for (;;) {
        if (!input_) {
            if (!session_->rests()) return close();
            input_.emplace(connection, env());
            if (!input_->await_ready()) {
                input_->await_suspend(continuation{*this});
                return waits{};
            }
        }
        const bool came = input_->await_resume().has_value();
        input_.reset();
        if (!came) return close();
        if (auto more = session_->serve_batch(env())) return std::move(*more);
    }
}

scope_member::step live_connection::close() {
    stage_ = stage::end;
    session_.reset();
    return connection.close();
}

}  // namespace weir::inline v0
