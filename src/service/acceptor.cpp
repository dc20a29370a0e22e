#include "acceptor.hpp"

#include <algorithm>
#include <utility>

#include "weir/task/sleep.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;

// Out of descriptors or memory: the connection stays in the queue, and trying at once would only
// spin.
constexpr duration accept_backoff = 50ms;

}  // namespace

task<> acceptor::run() {
    for (;;) {
        auto socket = co_await io::accept(*at_.listener);
        if (socket) {
            place(std::move(*socket));
            continue;
        }
        if (socket.error() == errc::canceled) co_return;
        count_problem(socket.error());
        if (auto slept = co_await sleep(accept_backoff); !slept) co_return;
    }
}

task<> acceptor::finish() {
    while (at_.listener->has_waiting()) {
        auto socket = co_await io::accept(*at_.listener);
        if (socket) {
            place(std::move(*socket));
            continue;
        }
        count_problem(socket.error());
        if (auto slept = co_await sleep(accept_backoff); !slept) break;
    }
    at_.listener.reset();
}

void acceptor::place(io::native_socket socket) {
    if (service_.open.load(std::memory_order_relaxed) >= service_.options.max_connections) {
        service_.metrics.refused.add();
        return;
    }
    at_.accepted.add();
    if (at_.stays_on_first_loop) return workers_.front()->hand_over(std::move(socket), at_);
    const auto& least = *std::min_element(
        workers_.begin(), workers_.end(),
        [](const auto& left, const auto& right) { return left->open() < right->open(); });
    least->hand_over(std::move(socket), at_);
}

void acceptor::count_problem(const error& why) {
    service_.metrics.accept_errors.add();
    service_.log.debug("accept on " + at_.address.text() + ": " + why.message());
}

}  // namespace weir::inline v0
