// The base of every leaf wait: a suspension that ends once, by its completion or by a stop.
//
// An awaiter derives from wait. Its await_ready() first asks stopped(), then tries to finish at
// once; its await_suspend() calls park(). Whoever completes it calls wake() (the coroutine runs
// later in this turn) or resume_now() (from the top of the loop only). Destroyed while it waits, it
// leaves every list it is in; what the outside world still holds of it, its own destructor takes
// back.
#pragma once

#include "weir/task/continuation.hpp"
#include "weir/task/environment.hpp"
#include "weir/task/runnable.hpp"

namespace weir::inline v0 {

class wait : public runnable, public stop_hook {
public:
    wait(const wait&) = delete;
    wait& operator=(const wait&) = delete;

protected:
    explicit wait(const environment& env) noexcept : env_{&env} {}
    ~wait() = default;

    const environment& env() const noexcept { return *env_; }
    bool stopped() const noexcept { return env_->stop().requested(); }
    errc stop_reason() const noexcept { return env_->stop().reason(); }

    // Only where not stopped().
    void park(continuation then) noexcept {
        then_ = then;
        env_->stop().add(*this);
    }
    // For the few waits that a stop reaches in another way.
    void park_unstoppable(continuation then) noexcept { then_ = then; }

    void wake() noexcept {
        stop_hook::unlink();
        env_->scheduler().schedule(*this);
    }

    void resume_now() noexcept {
        stop_hook::unlink();
        go_on();
    }

    void run() noexcept override { go_on(); }

private:
    void go_on() noexcept {
        env_->runs();
        then_.next().resume();
    }

    const environment* env_;
    continuation then_;
};

}  // namespace weir::inline v0
