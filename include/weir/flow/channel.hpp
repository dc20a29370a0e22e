// A bounded queue between tasks of one loop: a full one makes its senders wait.
//
// Sending is two steps, so that nothing is lost by a stop in the middle: reserve() waits for a
// place, send() on what it answers with cannot fail. Senders and receivers are served in the order
// in which they came. The places are allocated at construction, nothing afterwards.
#pragma once

#include <cassert>
#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "weir/base/result.hpp"
#include "weir/flow/operand.hpp"
#include "weir/flow/permit_wait.hpp"

namespace weir::inline v0::flow {

template <class T>
class channel {
    static_assert(std::is_nothrow_move_constructible_v<T>, "send() and receive() cannot fail");

public:
    using loop_bound = void;

    class permit;
    class reserve_awaiter;
    class receive_awaiter;

    // At least one place.
    explicit channel(std::size_t capacity)
        : slots_{capacity, unbounded}, items_{capacity, unbounded}, ring_(capacity) {
        assert(capacity > 0);
        (void)items_.try_take(capacity);  // nothing to receive yet
    }
    channel(const channel&) = delete;
    channel& operator=(const channel&) = delete;
    // Nobody waits, and what was reserved is sent or given up. What nobody received dies with it.
    ~channel() { assert(reserved() == 0); }

    // Waits for a place; answers with result<permit>.
    // Errors: closed.
    // Cancellation: answers with the stop's reason, no place taken; a place that came first stands.
    operand<reserve_awaiter, channel> reserve() noexcept {
        return operand<reserve_awaiter, channel>{*this};
    }
    // Errors: overloaded where one would have to wait, closed.
    result<permit> try_reserve() noexcept;

    // Waits for an item; answers with result<T>.
    // Errors: end_of_stream where the channel is closed, all that was sent is received, and no
    // permit is out.
    // Cancellation: answers with the stop's reason, no item taken; an item that came first stands.
    // Destroyed before it resumed, it leaves the item to the next receiver.
    operand<receive_awaiter, channel> receive() noexcept {
        return operand<receive_awaiter, channel>{*this};
    }
    // Nothing where one would have to wait, or where the stream has ended.
    std::optional<T> try_receive() noexcept;

    // No more places: who waits for one, or comes later, gets errc::closed. Permits that are out
    // may still send. Receivers get what was sent, then end_of_stream.
    void close() noexcept {
        slots_.close(errc::closed);
        end_if_drained();
    }

    bool closed() const noexcept { return slots_.closed(); }
    std::size_t capacity() const noexcept { return ring_.size(); }
    // Sent and not received yet.
    std::size_t size() const noexcept { return size_; }

private:
    // Permits that are out, or granted to a sender that has not resumed yet.
    std::size_t reserved() const noexcept { return capacity() - slots_.available() - size_; }
    void end_if_drained() noexcept {
        if (closed() && reserved() == 0) items_.drain(errc::end_of_stream);
    }
    void give_up_place() noexcept {
        slots_.give(1);
        end_if_drained();
    }
    void put(T item) noexcept {
        ring_[(first_ + size_) % capacity()].emplace(std::move(item));
        ++size_;
        items_.give(1);
        end_if_drained();
    }
    T pop() noexcept {
        std::optional<T>& place = ring_[first_];
        T item = std::move(*place);
        place.reset();
        first_ = (first_ + 1) % capacity();
        --size_;
        slots_.give(1);
        return item;
    }

    permit_queue slots_;  // free places
    permit_queue items_;  // sent items that no receiver was granted
    std::vector<std::optional<T>> ring_;
    std::size_t first_ = 0;
    std::size_t size_ = 0;
};

// A place in a channel, which it must not outlive. Dropped unused, it gives the place back.
template <class T>
class [[nodiscard]] channel<T>::permit {
public:
    using loop_bound = void;

    permit(permit&& other) noexcept : to_{std::exchange(other.to_, nullptr)} {}
    permit& operator=(permit&& other) noexcept {
        std::swap(to_, other.to_);
        return *this;
    }
    ~permit() {
        if (to_ != nullptr) to_->give_up_place();
    }

    // `std::move(permit).send(item)`, once; also after the channel was closed.
    void send(T item) && noexcept {
        assert(to_ != nullptr && "a permit is good for one item");
        std::exchange(to_, nullptr)->put(std::move(item));
    }

    // Anything else, to say what is wrong with it.
    template <class Other>
    void send(Other&&) & {
        static_assert(std::is_void_v<Other>,
                      "a permit is good for one item: std::move(permit).send(item)");
    }

private:
    friend class channel;
    explicit permit(channel& to) noexcept : to_{&to} {}

    channel* to_;
};

template <class T>
class channel<T>::reserve_awaiter final : public permit_wait {
public:
    reserve_awaiter(channel& of, const environment& env) noexcept
        : permit_wait{of.slots_, 1, env}, channel_{&of} {}
    ~reserve_awaiter() {
        this->leave();
        channel_->end_if_drained();
    }

    result<permit> await_resume() noexcept {
        if (this->failed()) return fail(this->take_error());
        this->take();
        return permit{*channel_};
    }

private:
    channel* channel_;
};

template <class T>
class channel<T>::receive_awaiter final : public permit_wait {
public:
    receive_awaiter(channel& of, const environment& env) noexcept
        : permit_wait{of.items_, 1, env}, channel_{&of} {}

    result<T> await_resume() noexcept {
        if (this->failed()) return fail(this->take_error());
        this->take();
        return channel_->pop();
    }

private:
    channel* channel_;
};

template <class T>
auto channel<T>::try_reserve() noexcept -> result<permit> {
    if (const errc outcome = slots_.try_take(1); outcome != errc{}) return fail(outcome);
    return permit{*this};
}

template <class T>
std::optional<T> channel<T>::try_receive() noexcept {
    if (items_.try_take(1) != errc{}) return std::nullopt;
    return pop();
}

}  // namespace weir::inline v0::flow
