// What is inside a network: its clock, who listens where, and open sockets that nobody has adopted.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "weir/base/result.hpp"
#include "weir/io/endpoint.hpp"
#include "weir/io/memory_end.hpp"
#include "weir/sim/network.hpp"

#include "choices.hpp"

namespace weir::inline v0::sim {

class sim_engine;
class sim_listener;

class network_state {
public:
    network_state(const network_options& options, io::native_socket::owner& owner) noexcept
        : options_{options}, owner_{&owner}, choices_{options.seed}, randomness_{options.seed} {}

    time_point now() const noexcept { return now_; }
    // Never backwards.
    void move_clock(time_point now) noexcept;
    // Whether an engine that has nothing to do may move the clock: not where others share it.
    bool lone_engine() const noexcept { return engines_.size() == 1 && !stepped_; }
    void set_stepped(bool stepped) noexcept { stepped_ = stepped; }
    duration latency() const noexcept { return options_.latency; }
    class choices& choices() noexcept { return choices_; }
    std::uint64_t random() noexcept { return randomness_.number(); }

    void add(sim_engine& engine) { engines_.push_back(&engine); }
    void remove(sim_engine& engine) noexcept { std::erase(engines_, &engine); }
    const std::vector<sim_engine*>& engines() const noexcept { return engines_; }

    // Where a listener is to be: with a port of its own where none is named. Errors:
    // address_in_use.
    result<io::endpoint> free_place(const io::endpoint& wanted);
    void add(sim_listener& listener) { listeners_.push_back(&listener); }
    void remove(sim_listener& listener) noexcept { std::erase(listeners_, &listener); }
    // Who answers at that address, or null.
    sim_listener* listening(const io::endpoint& at) const noexcept;

    // A new connection to somebody who listens: the caller's end first.
    std::pair<io::native_socket, io::native_socket> connect(const io::endpoint& to);
    io::memory_end adopt(int number) noexcept;
    // What closing does to a socket that nobody has adopted; or, instead, a reset.
    void close(int number) noexcept { adopt(number).close(now_); }
    void reset(int number) noexcept { adopt(number).reset(now_); }

private:
    std::uint16_t next_port() noexcept;
    io::native_socket open(io::memory_end end, const io::endpoint& peer);

    network_options options_;
    io::native_socket::owner* owner_;
    class choices choices_;
    class choices randomness_;  // apart, so that who asks for a number changes nothing else
    // Not zero, so that a time which was never set is noticed.
    time_point now_{std::chrono::hours{1}};
    std::vector<sim_engine*> engines_;
    std::vector<sim_listener*> listeners_;
    std::unordered_map<int, io::memory_end> sockets_;
    bool stepped_ = false;
    int last_number_ = 0;
    std::uint16_t last_port_ = 49'151;
};

}  // namespace weir::inline v0::sim
