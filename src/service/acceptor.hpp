// Accepts on the first loop and hands each connection to the one that is to serve it.
#pragma once

#include <span>

#include "accept_pace.hpp"
#include "worker.hpp"

namespace weir::inline v0 {

class acceptor {
public:
    // All the listeners share the pace.
    acceptor(service_state& service, listening& at, accept_pace& pace,
             std::span<const std::unique_ptr<worker>> workers)
        : service_{service}, at_{at}, pace_{pace}, workers_{workers} {}

    // Until it is stopped.
    task<> run();
    // Takes what waits in the queue of a listener that refuses new ones, then closes it; no
    // connection is lost, unless accepting fails for a second. The queue of one that is shared is
    // left to whom it is shared with. Errors of accepts are counted.
    task<> finish();

private:
    // Counts it, and tells how long to wait before the next.
    duration failed(const error& why) noexcept;
    // False where there is no memory for it.
    bool place(io::native_socket socket) noexcept;
    void hand_over(io::native_socket socket);
    // No further connection of this listener may be open.
    bool is_full() const noexcept;
    worker& choose(const io::native_socket& socket) const;
    void count_problem(const error& why) noexcept;

    service_state& service_;
    listening& at_;
    accept_pace& pace_;
    std::span<const std::unique_ptr<worker>> workers_;
    unsigned lost_in_a_row_ = 0;
};

}  // namespace weir::inline v0
