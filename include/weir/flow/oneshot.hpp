// One value, sent once from any thread to the one task that awaits it.
//
//     auto [sender, receiver] = flow::oneshot<answer>::make();
//     ...                                      // the sender moves to whoever will answer
//     auto answer = co_await receiver.receive();
//
// The halves share one allocation and may live and die on different threads.
#pragma once

#include <atomic>
#include <cassert>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "weir/flow/event.hpp"

namespace weir::inline v0::flow {

template <class T>
class oneshot {
    static_assert(std::is_nothrow_move_constructible_v<T>, "send() and receive() cannot fail");

public:
    class sender;
    class receiver;
    class receive_awaiter;

    // Throws std::bad_alloc.
    static std::pair<sender, receiver> make() {
        auto shared = std::make_shared<state>();
        return {sender{shared}, receiver{std::move(shared)}};
    }

private:
    struct state {
        event settled;           // sent, or never to be
        std::optional<T> value;  // the sender's until it is settled, the receiver's afterwards
        std::atomic<bool> unwanted = false;
    };
};

// Dropped unsent, it ends the receiver's wait with errc::closed.
template <class T>
class [[nodiscard]] oneshot<T>::sender {
public:
    sender(sender&& other) noexcept = default;
    sender& operator=(sender&& other) noexcept {
        std::swap(to_, other.to_);
        return *this;
    }
    ~sender() {
        if (to_) to_->settled.set();
    }

    // `std::move(sender).send(value)`: good for once.
    // Errors: closed where nobody will receive it; where the receiver goes at the same moment, the
    // value may die unseen instead.
    result<> send(T value) && noexcept {
        assert(to_ && "a sender is good for one value");
        const auto to = std::move(to_);
        if (to->unwanted.load(std::memory_order_relaxed)) return fail(errc::closed);
        to->value.emplace(std::move(value));
        to->settled.set();
        return {};
    }

private:
    friend oneshot;
    explicit sender(std::shared_ptr<state> to) noexcept : to_{std::move(to)} {}

    std::shared_ptr<state> to_;
};

// Does not move while a task waits on it.
template <class T>
class [[nodiscard]] oneshot<T>::receiver {
public:
    receiver(receiver&& other) noexcept = default;
    receiver& operator=(receiver&& other) noexcept {
        std::swap(from_, other.from_);
        return *this;
    }
    ~receiver() {
        if (from_) from_->unwanted.store(true, std::memory_order_relaxed);
    }

    // Waits for the value; answers with result<T>. One task may wait.
    // Errors: closed where the sender went without sending, or the value was received before.
    // Cancellation: answers with the stop's reason; the value stays, or still comes, for the next
    // receive().
    operand<receive_awaiter, receiver> receive() noexcept {
        assert(from_ && "it was moved from");
        return operand<receive_awaiter, receiver>{*this};
    }

private:
    friend oneshot;
    friend receive_awaiter;
    explicit receiver(std::shared_ptr<state> from) noexcept : from_{std::move(from)} {}

    std::shared_ptr<state> from_;
};

template <class T>
class oneshot<T>::receive_awaiter final : public event::awaiter {
public:
    receive_awaiter(receiver& of, const environment& env) noexcept
        : awaiter{of.from_->settled, env}, from_{of.from_.get()} {}

    result<T> await_resume() noexcept {
        if (failed()) return fail(take_error());
        return *std::exchange(from_->value, std::nullopt);
    }
    bool failed() const noexcept { return awaiter::failed() || !from_->value; }
    error take_error() const noexcept {
        return awaiter::failed() ? awaiter::take_error() : error{errc::closed};
    }

private:
    state* from_;
};

}  // namespace weir::inline v0::flow
