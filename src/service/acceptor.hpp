// Accepts on the first loop and hands each connection to the loop that has the fewest.
#pragma once

#include <span>

#include "worker.hpp"

namespace weir::inline v0 {

class acceptor {
public:
    acceptor(service_state& service, listening& at,
             std::span<const std::unique_ptr<worker>> workers)
        : service_{service}, at_{at}, workers_{workers} {}

    // Until it is stopped.
    task<> run();
    // Takes what waits in the queue of a listener that refuses new ones, then closes it; no
    // connection is lost. Errors of single accepts are counted.
    task<> finish();

private:
    void place(io::native_socket socket);
    void count_problem(const error& why);

    service_state& service_;
    listening& at_;
    std::span<const std::unique_ptr<worker>> workers_;
};

}  // namespace weir::inline v0
