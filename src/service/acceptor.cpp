#include "acceptor.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;

// Out of descriptors or memory: the connection stays in the queue, and trying at once would only
// spin.
constexpr duration accept_backoff = 50ms;
// Connections that were lost before they were accepted cost no pause. A system that says so of each
// refuses to accept.
constexpr unsigned most_lost_in_a_row = 4;
// A drain waits no longer for descriptors, which those who are to drain may hold.
constexpr unsigned most_failures = 20;
// Then everything else on the loop has its turn.
constexpr unsigned most_in_a_row = 64;
// Beyond max_connections: a flood of peers must neither fail a check of health nor keep out those
// who would see what it is.
constexpr std::size_t admin_reserve = 16;

}  // namespace

task<> acceptor::run() {
    const environment& env = co_await this_env{};
    for (unsigned in_a_row = 0;;) {
        auto socket = co_await io::accept(*at_.listener);
        duration pause = accept_backoff;
        if (socket) {
            if (place(std::move(*socket))) pause = pace_.accepted(env.now());
        } else if (socket.error() == errc::canceled) {
            co_return;
        } else {
            pause = failed(socket.error());
        }
        if (pause > duration{}) {
            if (auto slept = co_await sleep(pause); !slept) co_return;
        } else if (++in_a_row % most_in_a_row == 0) {
            co_await yield();
        }
    }
}

task<> acceptor::finish() {
    for (unsigned pauses = 0;
         pauses < most_failures && !at_.listener->shared() && at_.listener->has_waiting();) {
        auto socket = co_await io::accept(*at_.listener);
        if (!socket && failed(socket.error()) == duration{}) continue;
        if (socket && place(std::move(*socket))) continue;
        ++pauses;
        if (auto slept = co_await sleep(accept_backoff); !slept) break;
    }
    at_.listener.reset();
}

duration acceptor::failed(const error& why) noexcept {
    count_problem(why);
    if (why != errc::reset) return accept_backoff;
    lost_in_a_row_ = (lost_in_a_row_ + 1) % most_lost_in_a_row;
    return lost_in_a_row_ == 0 ? accept_backoff : duration{};
}

bool acceptor::place(io::native_socket socket) noexcept {
    lost_in_a_row_ = 0;
    try {
        hand_over(std::move(socket));
        return true;
    } catch (const std::bad_alloc&) {
        count_problem(error{errc::out_of_memory});
        return false;
    }
}

// Who is over a limit is closed here.
void acceptor::hand_over(io::native_socket socket) {
    if (is_full()) return service_.metrics.over_limit.add();
    auto permit = at_.stays_on_first_loop ? std::optional{address_counts::permit{}}
                                          : service_.addresses.try_acquire(socket.peer());
    if (!permit) return service_.metrics.over_address_limit.add();
    worker& chosen = choose(socket);
    chosen.hand_over(std::move(socket), at_, std::move(*permit));
    at_.accepted.add();
}

bool acceptor::is_full() const noexcept {
    const std::size_t open = service_.open.load(std::memory_order_relaxed);
    const std::size_t most = service_.options.max_connections;
    const std::size_t reserve = at_.stays_on_first_loop ? admin_reserve : 0;
    return open >= most && open - most >= reserve;
}

worker& acceptor::choose(const io::native_socket& socket) const {
    if (at_.stays_on_first_loop) return *workers_.front();
    if (service_.options.placement == placement::by_processor) {
        const int processor = socket.processor();
        const auto open = [this](std::size_t loop) { return workers_[loop]->open(); };
        if (processor >= 0) return *workers_[service_.homes.of(processor, workers_.size(), open)];
    }
    return **std::min_element(
        workers_.begin(), workers_.end(),
        [](const auto& left, const auto& right) { return left->open() < right->open(); });
}

void acceptor::count_problem(const error& why) noexcept {
    service_.metrics.accept_errors.add();
    try {
        service_.log.debug("accept on " + at_.address.text() + ": " + why.message());
    } catch (const std::bad_alloc&) {
        return;  // counted, which is what can be done without memory
    }
}

}  // namespace weir::inline v0
