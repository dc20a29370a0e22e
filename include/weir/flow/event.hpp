// Something that has happened, told to all who wait for it, on whichever loop.
//
// It stays set until it is reset: who comes later does not wait. Every function may be called from
// any thread.
#pragma once

#include "weir/base/api.hpp"
#include "weir/base/intrusive_list.hpp"
#include "weir/base/mutex.hpp"
#include "weir/base/result.hpp"
#include "weir/flow/operand.hpp"
#include "weir/flow/shared_wait.hpp"

namespace weir::inline v0::flow {

struct event_tag;

class WEIR_API event {
public:
    class awaiter;

    event() noexcept = default;
    event(const event&) = delete;
    event& operator=(const event&) = delete;
    // Nobody waits. Whoever set() resumed may destroy it at once.
    ~event();

    void set() noexcept WEIR_EXCLUDES(mutex_);
    // For those who come from now on; whom set() has woken goes on.
    void reset() noexcept WEIR_EXCLUDES(mutex_);
    // True of a moment that has passed.
    bool is_set() const noexcept WEIR_EXCLUDES(mutex_);

    // Waits until it is set; answers with result<>, allocates nothing. Any number may wait.
    // Cancellation: answers with the stop's reason; a set() that came first stands.
    operand<awaiter, event> wait() noexcept { return operand<awaiter, event>{*this}; }

private:
    mutable mutex mutex_;
    bool set_ WEIR_GUARDED_BY(mutex_) = false;
    intrusive_list<awaiter, event_tag> waiting_ WEIR_GUARDED_BY(mutex_);
};

class WEIR_API event::awaiter : public shared_wait, public list_hook<event_tag> {
public:
    awaiter(event& of, const environment& env) noexcept
        : shared_wait{of.mutex_, env}, event_{&of} {}
    ~awaiter() { abandon(); }

    result<> await_resume() const noexcept;

    bool failed() const noexcept { return reason_ != errc{}; }
    error take_error() const noexcept { return error{reason_}; }

private:
    friend class event;
    bool enter() noexcept WEIR_REQUIRES(event_->mutex_) override;
    bool leave() noexcept WEIR_REQUIRES(event_->mutex_) override;
    void refuse(errc reason) noexcept override { reason_ = reason; }

    event* event_;
    errc reason_{};
};

}  // namespace weir::inline v0::flow
