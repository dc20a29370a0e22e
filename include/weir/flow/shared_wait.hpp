// The wait of one loop that any thread may end: what the awaiters of shared_semaphore and event
// have in common.
//
// It is decided under the mutex of what it waits for, and woken by a post to its own loop.
// Cancellation: a stop while it waits ends it with the stop's reason. A decision that came first
// stands, also where it is still on its way from another thread.
#pragma once

#include "weir/base/api.hpp"
#include "weir/base/mutex.hpp"
#include "weir/task/wait.hpp"

namespace weir::inline v0::flow {

class WEIR_API shared_wait : wait {
public:
    bool await_ready() noexcept;
    void await_suspend(continuation then) noexcept { park(then); }

protected:
    shared_wait(mutex& guard, const environment& env) noexcept : wait{env}, guard_{&guard} {}
    ~shared_wait() = default;

    // It waits no longer, and goes on: the last thing that whoever decides does to it, while
    // holding the mutex.
    void decided() noexcept { env().scheduler().post(*this); }
    // At the beginning of the destructor of what derives: nobody knows of it afterwards.
    void abandon() noexcept;

private:
    // With the mutex held. enter() begins to wait, or answers true where it is decided at once.
    // leave() waits no longer, or answers false where it is decided.
    virtual bool enter() noexcept WEIR_REQUIRES(*guard_) = 0;
    virtual bool leave() noexcept WEIR_REQUIRES(*guard_) = 0;
    // A stop has ended it.
    virtual void refuse(errc reason) noexcept = 0;

    bool try_leave() noexcept WEIR_EXCLUDES(*guard_);
    void on_stop(errc reason) noexcept override;
    void run() noexcept override;

    mutex* guard_;
    // Touched by its own loop only: whether another thread may still decide it.
    bool open_ = false;
};

}  // namespace weir::inline v0::flow
