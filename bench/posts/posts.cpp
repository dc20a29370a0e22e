// What it takes to have something done on another loop and go on here.
//
//     bench_posts [TRIPS [ROUNDS]]     20,000 trips in 7 rounds, on each engine
//
// Beside it the least that two threads can do: each waits in read() for its eventfd and writes to
// the other's. "both busy" is a loop that looks again at once instead of sleeping, as it does while
// it has work. It needs two processors. Medians over the rounds, in microseconds a trip.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <thread>
#include <vector>

#include <sys/eventfd.h>
#include <unistd.h>

#include "weir/base/unique_fd.hpp"
#include "weir/io/runtime.hpp"
#include "weir/task/scope.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/wait.hpp"

namespace {

using namespace std::chrono;

// Posted to the other loop, which posts it back.
class round_trip final : public weir::wait {
public:
    round_trip(weir::scheduler& there, const weir::environment& env) noexcept
        : wait{env}, outward_{*this}, there_{&there} {}
    bool await_ready() const noexcept { return false; }
    void await_suspend(weir::continuation then) noexcept {
        park_unstoppable(then);
        there_->post(outward_);
    }
    void await_resume() const noexcept {}

private:
    class outward final : public weir::runnable {
    public:
        explicit outward(round_trip& owner) noexcept : owner_{&owner} {}
        void run() noexcept override { owner_->env().scheduler().post(*owner_); }

    private:
        round_trip* owner_;
    };
    void on_stop(weir::errc) noexcept override {}

    outward outward_;
    weir::scheduler* there_;
};

class trip_to {
public:
    explicit trip_to(weir::scheduler& there) noexcept : there_{&there} {}
    round_trip await_with(const weir::environment& env) const noexcept { return {*there_, env}; }

private:
    weir::scheduler* there_;
};

double micros_each(steady_clock::duration all, int trips) {
    return duration<double, std::micro>{all}.count() / trips;
}

// Keeps its loop from sleeping until it is destroyed with its scope.
weir::task<> stays_busy() {
    for (;;) co_await weir::yield();
}

// The other loop's part of being busy: it schedules itself for as long as it is wanted.
class busy_there final : public weir::runnable {
public:
    explicit busy_there(weir::scheduler& on) noexcept : on_{&on} { on_->post(*this); }
    void run() noexcept override {
        if (wanted_.load(std::memory_order_relaxed)) return on_->schedule(*this);
        over_.store(true);
    }
    void end() {
        wanted_.store(false);
        while (!over_.load()) std::this_thread::yield();
    }

private:
    weir::scheduler* on_;
    std::atomic<bool> wanted_ = true;
    std::atomic<bool> over_ = false;
};

weir::task<> trips(weir::scheduler* there, int count, double* micros) {
    const auto start = steady_clock::now();
    for (int i = 0; i < count; ++i) co_await trip_to{*there};
    *micros = micros_each(steady_clock::now() - start, count);
}

weir::task<> busy_trips(weir::scheduler* there, int count, double* micros) {
    const weir::environment& env = co_await weir::this_env{};
    weir::task_scope busy{env, [](const weir::error&) {}};
    busy.spawn(stays_busy());
    busy_there other{*there};
    co_await trips(there, count, micros);
    other.end();
}

double of_loops(weir::io::engine_kind engine, bool busy, int count) {
    weir::io::runtime_options options;
    options.loops = 2;
    options.slabs = 16;
    options.engine = engine;
    weir::io::runtime runtime{options};
    double micros = 0;
    auto* there = &runtime.at(1).scheduler();
    runtime.run(busy ? busy_trips(there, count, &micros) : trips(there, count, &micros));
    return micros;
}

void wait_for(int fd) {
    std::uint64_t number = 0;
    if (::read(fd, &number, sizeof number) != sizeof number) std::abort();
}

void tell(int fd) {
    const std::uint64_t one = 1;
    if (::write(fd, &one, sizeof one) != sizeof one) std::abort();
}

double of_eventfds(int count) {
    const weir::unique_fd here{::eventfd(0, EFD_CLOEXEC)};
    const weir::unique_fd there{::eventfd(0, EFD_CLOEXEC)};
    const std::jthread other{[&] {
        for (int i = 0; i < count; ++i) {
            wait_for(there.get());
            tell(here.get());
        }
    }};
    const auto start = steady_clock::now();
    for (int i = 0; i < count; ++i) {
        tell(there.get());
        wait_for(here.get());
    }
    return micros_each(steady_clock::now() - start, count);
}

struct contender {
    const char* name;
    std::function<double()> run;
    std::vector<double> micros;

    double median() {
        std::ranges::sort(micros);
        return micros[micros.size() / 2];
    }
};

}  // namespace

int main(int argc, char** argv) {
    const int count = argc > 1 ? std::atoi(argv[1]) : 20'000;
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 7;
    using enum weir::io::engine_kind;
    std::vector<contender> all{
        {"eventfd pair", [=] { return of_eventfds(count); }, {}},
        {"uring, asleep", [=] { return of_loops(uring, false, count); }, {}},
        {"epoll, asleep", [=] { return of_loops(epoll, false, count); }, {}},
        {"uring, both busy", [=] { return of_loops(uring, true, count); }, {}},
        {"epoll, both busy", [=] { return of_loops(epoll, true, count); }, {}},
    };
    for (int round = 0; round < rounds; ++round)
        for (contender& each : all) each.micros.push_back(each.run());
    const double least = all.front().median();
    std::printf("%-18s %12s %16s\n", "", "us a trip", "of eventfd pair");
    for (contender& each : all) {
        std::printf("%-18s %12.2f %16.2f\n", each.name, each.median(), each.median() / least);
    }
}
