// A network in memory, with a clock of its own.
//
// Several engines on one thread share it; together they are a world in which nothing happens by
// chance: the same program over the same seed goes the same way. The clock stands still while
// anything can happen. It loses nothing yet; what it does that is legal and rarely seen is decided
// by the seed.
#pragma once

#include <cstdint>
#include <memory>

#include "weir/base/api.hpp"
#include "weir/base/clock.hpp"
#include "weir/io/native_socket.hpp"

namespace weir::inline v0::sim {

struct network_options {
    network_options() = default;
    // Decides how streams are cut into receives, whether an operation that could finish at once
    // does, and in which order operations that finish together are told. 0: whole, at once, in
    // order.
    std::uint64_t seed = 0;
    // What one end of a connection may send before the other reads.
    std::size_t window = std::size_t{64} * 1024;
    // One way. A handshake takes two.
    duration latency{};
};

class network_state;

class WEIR_API network final : io::native_socket::owner {
public:
    explicit network(const network_options& options = {});
    network(const network&) = delete;
    network& operator=(const network&) = delete;
    // Lifetime: after its engines, and after every socket that they made.
    ~network();

    time_point now() const noexcept;
    // Lets time pass unseen, as when the process is stopped for so long.
    void skip(duration time) noexcept;

    // For the rest of this room.
    network_state& state() noexcept { return *state_; }

private:
    void close(int number) noexcept override;

    std::unique_ptr<network_state> state_;
};

}  // namespace weir::inline v0::sim
