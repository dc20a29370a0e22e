// What the probes share: an object that counts its lives, and a coroutine type that leaves the way
// weir's task does.
//
// The probes use nothing of weir, so that a compiler which breaks weir is named here, by its bug.
#pragma once

#include <coroutine>
#include <cstdio>
#include <exception>
#include <utility>

namespace probe {

// Who was born, who died, and whether an object died at an address where none was born: the mark of
// a compiler that moves objects by copying their bytes.
struct lives {
    int born = 0;
    int died = 0;
    int died_elsewhere = 0;

    int alive() const { return born - died; }
    bool sound() const { return born == died && died_elsewhere == 0; }
};

// The one that the probes count with; each test starts by clearing it.
inline lives& ledger() {
    static lives all;
    return all;
}

class guest {
public:
    guest() noexcept { enter(); }
    explicit guest(int number) noexcept : number_{number} { enter(); }
    guest(const guest& other) noexcept : number_{other.number_} { enter(); }
    guest(guest&& other) noexcept : number_{other.number_} { enter(); }
    guest& operator=(const guest&) noexcept = default;
    guest& operator=(guest&&) noexcept = default;
    ~guest() {
        ++ledger().died;
        if (self_ != this) ++ledger().died_elsewhere;
    }

    int number() const { return number_; }

private:
    void enter() noexcept {
        ++ledger().born;
        self_ = this;
    }

    int number_ = 0;
    const guest* self_ = nullptr;
};

// `co_await leave{-1};` ends the coroutine at once with that value; with none, it goes on.
struct leave {
    explicit leave(int value, bool now = true) : value{value}, now{now} {}
    int value;
    bool now;
    guest carried{};
};

// A lazy coroutine that keeps its result with whoever awaits it. However it leaves, it destroys its
// own frame first and transfers to the awaiter after that.
class job {
public:
    struct promise_type;
    using handle = std::coroutine_handle<promise_type>;

    explicit job(handle frame) noexcept : frame_{frame} {}
    job(job&& other) noexcept : frame_{std::exchange(other.frame_, {})} {}
    job& operator=(job&&) = delete;
    ~job() {
        if (frame_) frame_.destroy();
    }

    handle release() noexcept { return std::exchange(frame_, {}); }

private:
    handle frame_;
};

struct job::promise_type {
    std::coroutine_handle<> awaiting = std::noop_coroutine();
    int* result = nullptr;
    std::exception_ptr* thrown = nullptr;
    bool* finished = nullptr;

    static std::coroutine_handle<> end(handle frame) noexcept {
        const std::coroutine_handle<> next = frame.promise().awaiting;
        if (frame.promise().finished != nullptr) *frame.promise().finished = true;
        frame.destroy();
        return next;
    }

    struct final_awaiter {
        bool await_ready() const noexcept { return false; }
        std::coroutine_handle<> await_suspend(handle frame) const noexcept { return end(frame); }
        void await_resume() const noexcept {}
    };

    // Neither copies nor moves: await_transform must build it in place.
    class leave_awaiter {
    public:
        explicit leave_awaiter(leave&& why) noexcept : why_{std::move(why)} {}
        leave_awaiter(const leave_awaiter&) = delete;
        leave_awaiter& operator=(const leave_awaiter&) = delete;
        bool await_ready() const noexcept { return !why_.now; }
        std::coroutine_handle<> await_suspend(handle frame) noexcept {
            *frame.promise().result = why_.value;
            return end(frame);  // this awaiter lies in that frame and is gone now
        }
        guest await_resume() noexcept { return std::move(why_.carried); }

    private:
        leave why_;
    };

    class job_awaiter {
    public:
        explicit job_awaiter(job&& child) noexcept : child_{child.release()} {}
        job_awaiter(const job_awaiter&) = delete;
        job_awaiter& operator=(const job_awaiter&) = delete;
        bool await_ready() const noexcept { return false; }
        std::coroutine_handle<> await_suspend(handle parent) noexcept {
            child_.promise().awaiting = parent;
            child_.promise().result = &result_;
            child_.promise().thrown = &thrown_;
            return child_;
        }
        int await_resume() const {
            if (thrown_) std::rethrow_exception(thrown_);
            return result_;
        }

    private:
        handle child_;
        int result_ = 0;
        std::exception_ptr thrown_;
    };

    job get_return_object() noexcept { return job{handle::from_promise(*this)}; }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    final_awaiter final_suspend() const noexcept { return {}; }
    void return_value(int value) const noexcept { *result = value; }
    void unhandled_exception() const noexcept { *thrown = std::current_exception(); }

    leave_awaiter await_transform(leave why) noexcept { return leave_awaiter{std::move(why)}; }
    job_awaiter await_transform(job child) noexcept { return job_awaiter{std::move(child)}; }
    template <class Awaitable>
    auto await_transform(Awaitable&& other) noexcept {
        return other.wait();  // by value: GCC 12 copies what comes by reference
    }
};

// What `start` leaves behind; `finished` tells an end from a suspension.
struct outcome {
    int result = 0;
    bool finished = false;
    std::exception_ptr thrown;
};

// Where a coroutine waits until the test wakes, or destroys, it.
class gate {
public:
    class awaiter {
    public:
        explicit awaiter(gate& at) noexcept : at_{at} {}
        awaiter(const awaiter&) = delete;
        awaiter& operator=(const awaiter&) = delete;
        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<> waiting) noexcept { at_.hold(waiting); }
        guest await_resume() const noexcept { return guest{3}; }

    private:
        gate& at_;
        guest own_;
    };

    awaiter wait() noexcept { return awaiter{*this}; }
    void hold(std::coroutine_handle<> waiting) noexcept { waiting_ = waiting; }
    std::coroutine_handle<> waiting() const { return waiting_; }

private:
    std::coroutine_handle<> waiting_;
};

// Runs it from an ordinary function until it first suspends or has ended.
inline void start(job root, outcome& into) {
    const job::handle frame = root.release();
    frame.promise().result = &into.result;
    frame.promise().thrown = &into.thrown;
    frame.promise().finished = &into.finished;
    frame.resume();
}

inline outcome run(job root) {
    outcome end;
    start(std::move(root), end);
    return end;
}

// For a bug that is known and not relied upon: tells which way this compiler goes, fails nothing.
inline void note(const char* trap, bool sound) {
    std::printf("toolchain: %s: %s\n", trap, sound ? "sound" : "BROKEN, as known; keep to STYLE");
}

}  // namespace probe
