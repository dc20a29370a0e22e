// Who started the process and watches over it: systemd, or what speaks as it does.
//
// It is told in datagrams of a few lines (sd_notify(3)). That protocol is stable and documented as
// one to be implemented; libsystemd would be one more library in every program that links Weir, for
// one sendto().
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "weir/base/clock.hpp"
#include "weir/base/result.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0 {

class supervisor {
public:
    // It is given time to read what it has: what it misses of a start or a take-over makes it end
    // the service.
    static constexpr duration longest_telling = std::chrono::seconds{10};

    // Nobody.
    supervisor() = default;
    // socket: a path, or "@" and an abstract name. watchdog_us: how long it may hear nothing, in
    // microseconds, a day at most; 0 where it does not mind.
    supervisor(std::string socket, std::uint64_t watchdog_us) noexcept;
    // Whom this process's environment names (NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID). Before
    // there are other threads.
    static supervisor of_this_process();

    // What this one does not say, another one does.
    void complete_by(const supervisor& other);

    explicit operator bool() const noexcept { return !socket_.empty(); }
    const std::string& socket() const noexcept { return socket_; }
    duration watchdog() const noexcept { return watchdog_; }

    // Lines as READY=1. Errors: unavailable where it has no room for them now; system.
    result<> try_tell(std::string_view lines) const;
    // Tries again while it has no room; gives up after longest_telling. A stop ends it at once.
    task<result<>> tell(std::string lines) const;

private:
    std::string socket_;
    duration watchdog_{};
};

}  // namespace weir::inline v0
