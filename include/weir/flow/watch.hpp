// A value of which only the latest counts: a configuration, a list of peers, a state.
//
// Published from any thread, watched on any loop. Who is slow misses what was superseded meanwhile
// and sees the latest.
//
//     auto peers = watch.subscribe();
//     while (auto changed = co_await peers.changed()) use(*peers.latest());
#pragma once

#include <memory>
#include <utility>

#include "weir/flow/event.hpp"

namespace weir::inline v0::flow {

template <class T>
class watch {
public:
    class subscriber;
    class changed_awaiter;

    explicit watch(T first) : latest_{std::make_shared<edition>(std::move(first))} {}
    watch(const watch&) = delete;
    watch& operator=(const watch&) = delete;
    // Its subscribers are gone.
    ~watch() = default;

    // Every function from any thread.

    // Once closed, nothing is published any more. Throws std::bad_alloc.
    void publish(T value) WEIR_EXCLUDES(mutex_) {
        auto replaced = std::make_shared<edition>(std::move(value));
        {
            const lock_guard lock{mutex_};
            if (closed_) return;
            std::swap(latest_, replaced);
        }
        replaced->superseded.set();
    }
    // Who has seen the latest value is told errc::closed; who has not, sees it first.
    void close() noexcept WEIR_EXCLUDES(mutex_) {
        std::shared_ptr<edition> last;
        {
            const lock_guard lock{mutex_};
            closed_ = true;
            last = latest_;
        }
        last->superseded.set();
    }
    // A snapshot: it stays as it is, and good for as long as it is held.
    std::shared_ptr<const T> latest() const noexcept { return value_of(newest()); }
    // Has seen the latest value, and waits for the next.
    subscriber subscribe() noexcept { return subscriber{*this}; }

private:
    // One published value. That there is a newer one, or will never be, ends the wait of those who
    // have seen it.
    struct edition {
        explicit edition(T published) : value{std::move(published)} {}
        T value;
        event superseded;
    };

    static std::shared_ptr<const T> value_of(const std::shared_ptr<edition>& of) noexcept {
        return {of, &of->value};
    }
    std::shared_ptr<edition> newest() const noexcept WEIR_EXCLUDES(mutex_) {
        const lock_guard lock{mutex_};
        return latest_;
    }

    mutable mutex mutex_;
    std::shared_ptr<edition> latest_ WEIR_GUARDED_BY(mutex_);
    bool closed_ WEIR_GUARDED_BY(mutex_) = false;
};

// What one task has seen. It belongs to that task, must not outlive the watch, and does not move
// while the task waits.
template <class T>
class [[nodiscard]] watch<T>::subscriber {
public:
    // Waits until there is a value that it has not seen; answers with result<>.
    // Errors: closed, after the last value was seen.
    // Cancellation: answers with the stop's reason; what was published stays to be seen.
    operand<changed_awaiter, subscriber> changed() noexcept {
        return operand<changed_awaiter, subscriber>{*this};
    }
    // The latest value, which it has seen from now on.
    std::shared_ptr<const T> latest() noexcept {
        seen_ = of_->newest();
        return value_of(seen_);
    }

private:
    friend watch;
    friend changed_awaiter;
    explicit subscriber(watch& of) noexcept : of_{&of}, seen_{of.newest()} {}

    watch* of_;
    std::shared_ptr<edition> seen_;
};

template <class T>
class watch<T>::changed_awaiter final : public event::awaiter {
public:
    changed_awaiter(subscriber& by, const environment& env) noexcept
        : awaiter{by.seen_->superseded, env}, by_{&by} {}

    result<> await_resume() const noexcept {
        if (failed()) return fail(take_error());
        return {};
    }
    bool failed() const noexcept { return awaiter::failed() || by_->of_->newest() == by_->seen_; }
    error take_error() const noexcept {
        return awaiter::failed() ? awaiter::take_error() : error{errc::closed};
    }

private:
    subscriber* by_;
};

}  // namespace weir::inline v0::flow
