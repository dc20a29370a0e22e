// Permits, and who waits for them: the bookkeeping below every bounded thing in this room.
//
// First come, first served: whoever wants many permits is never overtaken by those who want few,
// and a newcomer never by way of being quicker. A waiter is a node of its own suspended coroutine,
// so waiting allocates nothing. Not thread-safe: its owner belongs to one loop, or holds a lock.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "weir/base/api.hpp"
#include "weir/base/error.hpp"
#include "weir/base/intrusive_list.hpp"

namespace weir::inline v0::flow {

inline constexpr std::size_t unbounded = std::numeric_limits<std::size_t>::max();

struct permit_tag;

class WEIR_API permit_queue {
public:
    class waiter;

    // More than max_waiters at once are refused with errc::overloaded.
    permit_queue(std::size_t permits, std::size_t max_waiters) noexcept
        : total_{permits}, available_{permits}, max_waiters_{max_waiters} {}
    permit_queue(const permit_queue&) = delete;
    permit_queue& operator=(const permit_queue&) = delete;
    ~permit_queue();

    // errc{} where it took them, errc::overloaded where one would have to wait, errc::too_large
    // where no wait would help, or what it was closed with.
    errc try_take(std::size_t wanted) noexcept {
        if (wanted > available_ || waiting_ > 0 || closed()) return take_or_refuse(wanted);
        available_ -= wanted;
        return errc{};
    }
    // True where that decided the matter at once; otherwise who waits and is told later.
    bool enter(waiter& who) noexcept;
    // Gives up a wait, or permits that were granted and not taken. Those behind may move up.
    void leave(waiter& who) noexcept;
    void give(std::size_t permits) noexcept {
        assert(permits <= total_ - available_ && "given back twice");
        available_ += permits;
        if (waiting_ > 0) dispatch();
    }

    // From now on nothing is granted; those who wait are refused. The first reason stays.
    void close(errc reason) noexcept;
    // The same, but what is available may still be taken, and what is given later too.
    void drain(errc reason) noexcept;

    bool closed() const noexcept { return closed_with_ != errc{}; }
    std::size_t total() const noexcept { return total_; }
    std::size_t available() const noexcept { return available_; }
    std::size_t waiting() const noexcept { return waiting_; }

private:
    // The rare cases of try_take().
    errc take_or_refuse(std::size_t wanted) noexcept;
    void dispatch() noexcept;
    void refuse_all() noexcept;

    std::size_t total_;
    std::size_t available_;
    std::size_t max_waiters_;
    std::size_t waiting_ = 0;
    errc closed_with_{};
    bool drains_ = false;
    intrusive_list<waiter, permit_tag> waiters_;
};

class permit_queue::waiter : public list_hook<permit_tag> {
protected:
    explicit waiter(std::size_t wanted) noexcept : wanted_{wanted} {}
    ~waiter() = default;

    bool queued() const noexcept { return list_hook<permit_tag>::linked(); }
    // Holds permits that leave() would give back.
    bool granted() const noexcept { return granted_; }
    errc refusal() const noexcept { return refusal_; }
    void refuse(errc reason) noexcept { refusal_ = reason; }
    // The permits are the caller's now.
    std::size_t take() noexcept {
        granted_ = false;
        return wanted_;
    }

private:
    friend class permit_queue;
    // It has left the queue, granted or refused. Must not resume a coroutine.
    virtual void on_decided() noexcept = 0;

    std::size_t wanted_;
    errc refusal_{};
    bool granted_ = false;
};

}  // namespace weir::inline v0::flow
