// What happens when a wait is over: its coroutine resumes, or leaves early.
#pragma once

#include <concepts>
#include <coroutine>

namespace weir::inline v0 {

// Decides at the moment of resumption which coroutine goes on; see or_return.
class early_exit {
public:
    // May destroy the coroutine that waits, and this with it.
    virtual std::coroutine_handle<> next() noexcept = 0;

protected:
    ~early_exit() = default;
};

class promise_base;

class continuation {
public:
    continuation() noexcept = default;
    template <std::derived_from<promise_base> Promise>
    continuation(std::coroutine_handle<Promise> handle,  // NOLINT(google-explicit-constructor)
                 early_exit* exit = nullptr) noexcept
        : handle_{handle}, exit_{exit} {}

    // Where no coroutine waits: exit takes the place of one.
    explicit continuation(early_exit& exit) noexcept : exit_{&exit} {}

    // The same, but step decides: for a wait that is made of several.
    continuation through(early_exit& step) const noexcept {
        continuation made{*this};
        made.exit_ = &step;
        return made;
    }

    // The coroutine that waits, where one does.
    std::coroutine_handle<> frame() const noexcept { return handle_; }
    // The coroutine to resume now. What held this continuation may be gone afterwards.
    std::coroutine_handle<> next() const noexcept { return exit_ ? exit_->next() : handle_; }

private:
    std::coroutine_handle<> handle_;
    early_exit* exit_ = nullptr;
};

}  // namespace weir::inline v0
