#include "live_connection.hpp"

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
      id{++at.service_.last_connection},
      retires{at.retirement()},
      connection{std::move(transport), at.loop_, at.service_.options.connections, at.traffic_},
      stop{at.connections_->env().stop()} {
    at.live_.push_back(*this);
    if (at.draining_) connection.drain();
}

live_connection::~live_connection() { counted_.at.ended(*this); }

std::optional<task<>> live_connection::next() {
    switch (next_) {
        case step::serve:
            next_ = step::close;
            return from->handler(connection);
        case step::close:
            next_ = step::end;
            return connection.close();
        case step::end:
            break;
    }
    return std::nullopt;
}

}  // namespace weir::inline v0
