#include "weir/sim/network.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "network_state.hpp"
#include "sim_listener.hpp"

namespace weir::inline v0::sim {
namespace {

constexpr std::array<std::uint8_t, 16> any_address{};

bool answers(const io::endpoint& listener, const io::endpoint& to) {
    if (listener == to) return true;
    const bool any =
        listener.family() != io::endpoint::family::unix_path && listener.address() == any_address;
    return any && listener.family() == to.family() && listener.port() == to.port();
}

io::endpoint with_port(const io::endpoint& at, std::uint16_t port) {
    const auto& address = at.address();
    if (at.family() == io::endpoint::family::ipv6) return io::endpoint::ipv6(address, port);
    return io::endpoint::ipv4({address[0], address[1], address[2], address[3]}, port);
}

}  // namespace

network::network(const network_options& options) {
    io::native_socket::owner& closer = *this;
    state_ = std::make_unique<network_state>(options, closer);
}

network::~network() { assert(state_->engines().empty()); }

time_point network::now() const noexcept { return state_->now(); }

void network::skip(duration time) noexcept { state_->move_clock(state_->now() + time); }

void network::close(int number) noexcept { state_->close(number); }

void network_state::move_clock(time_point now) noexcept { now_ = std::max(now_, now); }

std::uint16_t network_state::next_port() noexcept {
    constexpr std::uint16_t first_port = 49'152;
    last_port_ = last_port_ == std::numeric_limits<std::uint16_t>::max()
                     ? first_port
                     : static_cast<std::uint16_t>(last_port_ + 1);
    return last_port_;
}

result<io::endpoint> network_state::free_place(const io::endpoint& wanted) {
    const auto taken = [&](const io::endpoint& at) {
        return std::any_of(listeners_.begin(), listeners_.end(), [&](const sim_listener* other) {
            return answers(other->local(), at) || answers(at, other->local());
        });
    };
    io::endpoint at = wanted;
    if (wanted.port() == 0 && wanted.family() != io::endpoint::family::unix_path) {
        do at = with_port(wanted, next_port());
        while (taken(at));
    }
    if (taken(at)) return fail(errc::address_in_use, "listen on " + at.text() + ": in use");
    return at;
}

sim_listener* network_state::listening(const io::endpoint& at) const noexcept {
    const auto found =
        std::find_if(listeners_.begin(), listeners_.end(),
                     [&](const sim_listener* listener) { return answers(listener->local(), at); });
    return found == listeners_.end() ? nullptr : *found;
}

std::pair<io::native_socket, io::native_socket> network_state::connect(const io::endpoint& to) {
    io::memory_stream_options stream;
    stream.window = options_.window;
    stream.latency = options_.latency;
    auto [near, far] = io::memory_end::make_pair(stream);
    io::endpoint from = io::endpoint::unix_path("");
    if (to.family() != io::endpoint::family::unix_path) from = with_port(to, next_port());
    return {open(std::move(near), to), open(std::move(far), from)};
}

io::native_socket network_state::open(io::memory_end end, const io::endpoint& peer) {
    sockets_.emplace(++last_number_, std::move(end));
    return {last_number_, *owner_, peer};
}

io::memory_end network_state::adopt(int number) noexcept {
    auto node = sockets_.extract(number);
    assert(!node.empty() && "a socket of this network that nobody has adopted");
    return std::move(node.mapped());
}

}  // namespace weir::inline v0::sim
