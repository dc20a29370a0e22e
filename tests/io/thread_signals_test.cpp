// Which signals the threads of a runtime take: none that somebody sends to the process, and each
// that is their own fault, or a crash would end the process unheard.
#include <array>
#include <csignal>

#include <gtest/gtest.h>

#include "weir/io/blocking.hpp"
#include "weir/io/run_on.hpp"
#include "weir/io/runtime.hpp"

#include "io/world.hpp"

namespace weir::inline v0::io {
namespace {

struct mask {
    bool faults_open = false;
    bool others_blocked = false;
};

mask mask_of_this_thread() {
    sigset_t blocked;
    ::pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
    mask found{true, true};
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS})
        found.faults_open = found.faults_open && ::sigismember(&blocked, fault) == 0;
    for (const int sent : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGCHLD})
        found.others_blocked = found.others_blocked && ::sigismember(&blocked, sent) == 1;
    return found;
}

void expect_faults_alone(const mask& found) {
    EXPECT_TRUE(found.faults_open);
    EXPECT_TRUE(found.others_blocked);
}

task<result<>> looks_at_its_thread(mask& found) {
    found = mask_of_this_thread();
    co_return {};
}

task<> looks_on_the_second_loop(runtime& runtime) {
    mask found;
    run_on there{runtime.at(1), looks_at_its_thread, std::ref(found)};
    EXPECT_TRUE(co_await std::move(there));
    expect_faults_alone(found);
}

TEST(thread_signals, of_another_loop_are_its_faults) {
    runtime_options options;
    options.loops = 2;
    runtime runtime{options};
    runtime.run(looks_on_the_second_loop(runtime));
}

task<result<>> looks_on_a_worker(blocking_pool& threads) {
    auto look = []() -> result<mask> { return mask_of_this_thread(); };
    auto looking = run_blocking(threads, look);
    const auto found = co_await std::move(looking);
    EXPECT_TRUE(found.has_value());
    if (found) expect_faults_alone(*found);
    co_return {};
}

TEST(thread_signals, of_a_worker_are_its_faults) {
    engine_world world{"epoll", 16};
    blocking_pool threads{blocking_options{}};
    world.run(looks_on_a_worker(threads));
}

}  // namespace
}  // namespace weir::inline v0::io
