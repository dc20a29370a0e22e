// The state of a client: whom to connect to, when, and what a connection's end means.
//
// Sans-I/O: it is told what happened, time and chance included, and asked what to do next.
// Connections are made on demand: a client that nobody calls rests. One attempt runs at a time; a
// round tries every host once, from where the last one ended, and a round in vain is followed by a
// delay. Only an answer shows that a server serves: a connection that ends before one counts as a
// failed attempt, however politely it was made, so that no server can be stormed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/clock.hpp"
#include "weir/base/transition_table.hpp"
#include "weir/frame/back_off.hpp"

namespace weir::inline v0::frame {

class WEIR_API client_machine {
public:
    enum class state : std::uint8_t {
        resting,      // not connected, and nobody wants to be
        connecting,   // to host()
        greeting,     // connected; hello is under way
        open,         // calls are sent
        backing_off,  // every host has failed; until due()
        leaving,      // closing: what is in flight is finished
        closed,
    };
    enum class event : std::uint8_t {
        wanted,
        connected,
        greeted,
        next_host,  // this one failed, and others are left in this round
        exhausted,  // this one failed, and it was the round's last
        lost,       // a connection that had answered
        goodbye,    // likewise; what is in flight on it is finished beside the next one
        delay_over,
        close,
        finished,
    };

    // At least one host.
    client_machine(std::size_t hosts, const back_off& delays) noexcept
        : hosts_{hosts}, delays_{delays} {}

    state now() const noexcept { return state_; }
    std::size_t host() const noexcept { return host_; }
    // When backing_off ends.
    time_point due() const noexcept { return due_; }
    // New calls would only wait for an attempt that is not being made.
    bool hopeless() const noexcept { return state_ == state::backing_off; }
    bool closing() const noexcept { return state_ == state::leaving || state_ == state::closed; }

    void wanted() noexcept { on(event::wanted); }
    void connected() noexcept { on(event::connected); }
    void greeted() noexcept;
    void answered() noexcept;
    // While connecting or greeting.
    void failed(time_point now, std::uint64_t random) noexcept;
    // While open: the connection is gone, or takes no more calls.
    void lost(time_point now, std::uint64_t random) noexcept;
    void said_goodbye(time_point now, std::uint64_t random) noexcept;
    // A spurious call is harmless.
    void time_is(time_point now) noexcept;
    // Once.
    void close() noexcept { on(event::close); }
    // While leaving.
    void finished() noexcept { on(event::finished); }

    static constexpr auto table = make_table<state::closed, event::finished>({
        {state::resting, event::wanted, state::connecting},
        {state::resting, event::close, state::closed},
        {state::connecting, event::connected, state::greeting},
        {state::connecting, event::next_host, state::connecting},
        {state::connecting, event::exhausted, state::backing_off},
        {state::connecting, event::close, state::closed},
        {state::greeting, event::greeted, state::open},
        {state::greeting, event::next_host, state::connecting},
        {state::greeting, event::exhausted, state::backing_off},
        {state::greeting, event::close, state::closed},
        {state::open, event::lost, state::resting},
        {state::open, event::goodbye, state::resting},
        {state::open, event::next_host, state::connecting},
        {state::open, event::exhausted, state::backing_off},
        {state::open, event::close, state::leaving},
        {state::backing_off, event::delay_over, state::resting},
        {state::backing_off, event::close, state::closed},
        {state::leaving, event::finished, state::closed},
    });

private:
    void on(event what) noexcept { state_ = table.after(state_, what); }
    void pass_host() noexcept { host_ = (host_ + 1) % hosts_; }

    std::size_t hosts_;
    back_off delays_;
    state state_ = state::resting;
    std::size_t host_ = 0;
    std::size_t failed_hosts_ = 0;  // in this round
    unsigned failed_rounds_ = 0;    // since the last answer
    bool served_ = false;           // this connection has answered
    time_point due_{};
};

static_assert(client_machine::table.reaches_every_state_from(client_machine::state::resting));
static_assert(client_machine::table.leads_every_state_to(client_machine::state::closed));
static_assert(client_machine::table.uses_every_event());

WEIR_API std::string_view to_string(client_machine::state which) noexcept;
WEIR_API std::string_view to_string(client_machine::event which) noexcept;

}  // namespace weir::inline v0::frame
