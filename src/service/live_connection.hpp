// A connection of a service, from when it came to its loop to its end: served, then closed.
//
// Where its handler opens a session it waits for input by itself, and a coroutine runs only while
// there is something to serve.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <source_location>

#include "weir/base/intrusive_list.hpp"
#include "weir/net/connection.hpp"
#include "weir/net/session.hpp"
#include "weir/task/scope.hpp"

#include "address_counts.hpp"
#include "closings.hpp"
#include "state.hpp"

namespace weir::inline v0 {

class worker;

// Counted as open for as long as it lives. Where its handler is stopped, so is its closing.
class live_connection final : public scope_member, public list_hook<live_connection>, early_exit {
    class counted {
    public:
        explicit counted(worker& at) noexcept;
        counted(const counted&) = delete;
        counted& operator=(const counted&) = delete;
        ~counted();

        worker& at;
    };

public:
    live_connection(worker& at, std::unique_ptr<io::transport> transport, const listening& by,
                    address_counts::permit permit) noexcept;
    live_connection(const live_connection&) = delete;
    live_connection& operator=(const live_connection&) = delete;
    ~live_connection() override;

    // No other connection of the service has or had it.
    std::uint64_t number() const noexcept { return env().whose().number; }

private:
    enum class stage : std::uint8_t { begin, serve, close, end };

    step next_step() override;
    error explain(error why) noexcept override;
    std::source_location rests_at() const noexcept override;
    step begin();
    step serve();
    step close();
    // Input has come, or will not.
    std::coroutine_handle<> next() noexcept override { return go_on(); }

    counted counted_;
    address_counts::permit permit_;
    stage stage_ = stage::begin;

public:
    std::optional<closing> ended_by_us;
    const listening* from;
    time_point retires;
    net::connection connection;
    stop_node stop;

private:
    std::unique_ptr<net::session> session_;
    std::optional<net::connection::fill_awaiter> input_;  // what it waits for while it rests
};

}  // namespace weir::inline v0
