// Counts who is inside, refuses newcomers once it closes, and tells when the last has left: what a
// drain waits on. It belongs to one loop's thread.
#pragma once

#include <cstddef>
#include <utility>

#include "weir/base/api.hpp"
#include "weir/base/result.hpp"
#include "weir/flow/operand.hpp"
#include "weir/task/wait.hpp"

namespace weir::inline v0::flow {

struct gate_tag;

class WEIR_API gate {
public:
    using loop_bound = void;

    class holder;
    class close_awaiter;

    gate() noexcept = default;
    gate(const gate&) = delete;
    gate& operator=(const gate&) = delete;
    // Everybody has left.
    ~gate();

    // Errors: closed.
    result<holder> enter() noexcept;
    // Closes when awaited, then waits until nobody is inside; answers with result<>. Several may
    // wait.
    // Cancellation: answers with the stop's reason; the gate stays closed, and may be waited for
    // again.
    operand<close_awaiter, gate> close() noexcept { return operand<close_awaiter, gate>{*this}; }

    bool closed() const noexcept { return closed_; }
    std::size_t inside() const noexcept { return inside_; }

private:
    void leave() noexcept;

    std::size_t inside_ = 0;
    bool closed_ = false;
    intrusive_list<close_awaiter, gate_tag> closers_;
};

// Inside for as long as it lives; must not outlive the gate.
class [[nodiscard]] gate::holder {
public:
    using loop_bound = void;

    holder(holder&& other) noexcept : gate_{std::exchange(other.gate_, nullptr)} {}
    holder& operator=(holder&& other) noexcept {
        std::swap(gate_, other.gate_);
        return *this;
    }
    ~holder() {
        if (gate_ != nullptr) gate_->leave();
    }

private:
    friend class gate;
    explicit holder(gate& gate) noexcept : gate_{&gate} {}

    gate* gate_;
};

class WEIR_API gate::close_awaiter final : wait, public list_hook<gate_tag> {
public:
    close_awaiter(gate& gate, const environment& env) noexcept : wait{env}, gate_{&gate} {}

    bool await_ready() noexcept;
    void await_suspend(continuation then) noexcept;
    result<> await_resume() const noexcept;

    bool failed() const noexcept { return reason_ != errc{}; }
    error take_error() const noexcept { return error{reason_}; }

private:
    friend class gate;
    void on_stop(errc reason) noexcept override;

    gate* gate_;
    errc reason_{};
};

}  // namespace weir::inline v0::flow
