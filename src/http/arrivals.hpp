// What arrives on a client's connection, for whoever waits for it, or for nobody.
//
// One receive is under way nearly all the time, and it outlives those who wait for it. So a
// connection that rests learns that its peer has closed it, and a request that is being sent that
// it has been answered; and the receive that rested with the connection is the one that brings the
// next response: there is nothing to take back and to begin anew. No coroutine of its own.
//
// While a receive is under way nothing of the input may be consumed: it may be received behind it.
#pragma once

#include <cassert>
#include <coroutine>
#include <optional>

#include "weir/net/connection.hpp"
#include "weir/task/wait.hpp"

namespace weir::inline v0::http {

class arrivals final : early_exit {
public:
    class owner {
    public:
        // Something has come, or the end, and nobody waited. May destroy the connection.
        virtual void arrived_unawaited() noexcept = 0;

    protected:
        ~owner() = default;
    };
    class awaiter;
    class operand;

    // Lifetime: both outlive it.
    arrivals(net::connection& connection, owner& owner) noexcept
        : connection_{&connection}, owner_{&owner} {}
    arrivals(const arrivals&) = delete;
    arrivals& operator=(const arrivals&) = delete;
    // Nobody waits. A receive that is under way is taken back.
    ~arrivals() { assert(waiting_ == nullptr); }

    // Begins to receive, unless that is under way. False where it has ended at once: something has
    // come, or failed() says why nothing will.
    bool start() noexcept;
    bool under_way() const noexcept { return receive_.has_value(); }
    // Takes the receive back; nothing comes any more.
    void stop() noexcept {
        receive_.reset();
        why_ = errc::closed;
    }
    // Why nothing will come any more; errc{} as long as something may.
    errc failed() const noexcept { return why_; }
    // `co_await arrivals.more()`: until more has come; answers with result<>. One task may wait.
    // Errors: as connection::fill(). Cancellation: leaves, and the receive goes on.
    operand more() noexcept;

private:
    std::coroutine_handle<> next() noexcept override;
    void take() noexcept;

    net::connection* connection_;
    owner* owner_;
    awaiter* waiting_ = nullptr;
    errc why_{};
    std::optional<net::connection::fill_awaiter> receive_;
};

class arrivals::awaiter final : public wait {
public:
    awaiter(arrivals& from, const environment& env) noexcept : wait{env}, from_{&from} {}
    ~awaiter() { leave(); }

    bool await_ready() noexcept;
    void await_suspend(continuation then) noexcept;
    result<> await_resume() const noexcept;
    bool failed() const noexcept { return status_ != errc{}; }
    error take_error() const noexcept { return error{status_}; }

private:
    friend class arrivals;
    std::coroutine_handle<> ended(errc status) noexcept;
    void leave() noexcept {
        if (from_->waiting_ == this) from_->waiting_ = nullptr;
    }
    void on_stop(errc reason) noexcept override;

    arrivals* from_;
    continuation then_;
    errc status_{};
};

class [[nodiscard("nothing happens until it is awaited")]] arrivals::operand {
public:
    explicit operand(arrivals& from) noexcept : from_{&from} {}
    awaiter await_with(const environment& env) const noexcept { return {*from_, env}; }

private:
    arrivals* from_;
};

inline arrivals::operand arrivals::more() noexcept { return operand{*this}; }

}  // namespace weir::inline v0::http
