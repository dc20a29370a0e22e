// Waiting for time, and letting others run.
#pragma once

#include "weir/base/api.hpp"
#include "weir/task/task.hpp"
#include "weir/task/wait.hpp"

namespace weir::inline v0 {

class WEIR_API sleep_awaiter final : wait, timer {
public:
    sleep_awaiter(time_point until, const environment& env) noexcept : wait{env}, until_{until} {}

    bool await_ready() noexcept;
    void await_suspend(continuation then) noexcept;
    result<> await_resume() noexcept;

    bool failed() const noexcept { return reason_ != errc{}; }
    error take_error() const noexcept { return error{reason_}; }

private:
    void on_expiry() noexcept override;
    void on_stop(errc reason) noexcept override;

    time_point until_;
    errc reason_{};
};

class [[nodiscard("nothing happens until it is awaited")]] sleep_until_operand {
public:
    explicit sleep_until_operand(time_point until) noexcept : until_{until} {}
    sleep_awaiter await_with(const environment& env) const noexcept { return {until_, env}; }

private:
    time_point until_;
};

class [[nodiscard("nothing happens until it is awaited")]] sleep_operand {
public:
    explicit sleep_operand(duration wait) noexcept : wait_{wait} {}
    sleep_awaiter await_with(const environment& env) const noexcept {
        return {after(env.now(), wait_), env};
    }

private:
    duration wait_;
};

// `co_await sleep(1s)`: ends at or after the time, in milliseconds. Cancellation: answers with the
// reason of the stop. These are functions, not types, so that they overload with those of the same
// name in <unistd.h> and std::this_thread where both are in sight.
inline sleep_operand sleep(duration wait) noexcept { return sleep_operand{wait}; }
inline sleep_until_operand sleep_until(time_point until) noexcept {
    return sleep_until_operand{until};
}

class WEIR_API yield_awaiter final : wait {
public:
    explicit yield_awaiter(const environment& env) noexcept : wait{env} {}
    bool await_ready() const noexcept { return false; }
    void await_suspend(continuation then) noexcept;
    void await_resume() const noexcept {}

private:
    void on_stop(errc) noexcept override {}
};

class [[nodiscard("nothing happens until it is awaited")]] yield_operand {
public:
    yield_awaiter await_with(const environment& env) const noexcept { return yield_awaiter{env}; }
};

// `co_await yield()`: lets everything else that is ready run first; the loop looks for input in
// between.
inline yield_operand yield() noexcept { return {}; }

}  // namespace weir::inline v0
