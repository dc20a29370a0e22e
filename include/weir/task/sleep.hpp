// Waiting for time, and letting others run.
#pragma once

#include "weir/task/task.hpp"
#include "weir/task/wait.hpp"

namespace weir {

class sleep_awaiter final : wait, timer {
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

// Ends at or after the time, in milliseconds. Cancellation: answers with the reason of the stop.
class [[nodiscard]] sleep_until {
public:
    explicit sleep_until(time_point until) noexcept : until_{until} {}
    sleep_awaiter await_with(const environment& env) const noexcept { return {until_, env}; }

private:
    time_point until_;
};

class [[nodiscard]] sleep {
public:
    explicit sleep(duration wait) noexcept : wait_{wait} {}
    sleep_awaiter await_with(const environment& env) const noexcept {
        return {after(env.now(), wait_), env};
    }

private:
    duration wait_;
};

class yield_awaiter final : wait {
public:
    explicit yield_awaiter(const environment& env) noexcept : wait{env} {}
    bool await_ready() const noexcept { return false; }
    void await_suspend(continuation then) noexcept;
    void await_resume() const noexcept {}

private:
    void on_stop(errc) noexcept override {}
};

// Lets everything else that is ready run first; the loop looks for input in between.
class [[nodiscard]] yield {
public:
    yield_awaiter await_with(const environment& env) const noexcept { return yield_awaiter{env}; }
};

}  // namespace weir
