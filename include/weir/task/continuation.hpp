// What happens when a wait is over: its coroutine resumes, or leaves early.
#pragma once

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

class continuation {
public:
    continuation() noexcept = default;
    template <class Promise>
    continuation(std::coroutine_handle<Promise> handle,  // NOLINT(google-explicit-constructor)
                 early_exit* exit = nullptr) noexcept
        : handle_{handle}, exit_{exit} {}

    // The coroutine to resume now. What held this continuation may be gone afterwards.
    std::coroutine_handle<> next() const noexcept { return exit_ ? exit_->next() : handle_; }

private:
    std::coroutine_handle<> handle_;
    early_exit* exit_ = nullptr;
};

}  // namespace weir::inline v0
