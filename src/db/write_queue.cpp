#include "write_queue.hpp"

#include <cassert>
#include <new>
#include <utility>

#include "write_awaiter.hpp"

namespace weir::inline v0::db {

void write_request::fail(const error& why) noexcept {
    try {
        query.failure.emplace(why.clone());
    } catch (const std::bad_alloc&) {
        query.failure.emplace(why.code());
    }
}

write_queue::~write_queue() {
    const lock_guard lock{mutex_};
    while (on_thread_) changed_.wait(mutex_);
    assert(waiting_.empty() && "a write outlives its database");
}

bool write_queue::enter(write_request& write, write_awaiter& waiter) noexcept {
    const lock_guard lock{mutex_};
    if (write.phase == write_phase::apart) {
        if (count_ >= limits_.max_waiting) {
            write.fail(errc::overloaded);
            write.phase = write_phase::answered;
            return true;
        }
        write.phase = busy_ ? write_phase::waiting : write_phase::leading;
        busy_ = true;
        waiting_.push_back(write);
        ++count_;
    }
    if (write.phase == write_phase::answered || write.phase == write_phase::leading) return true;
    write.waiter = &waiter;
    return false;
}

bool write_queue::leads(const write_request& write) const noexcept {
    const lock_guard lock{mutex_};
    return write.phase == write_phase::leading;
}

void write_queue::launch(write_request& leader) noexcept {
    const lock_guard lock{mutex_};
    leader.phase = write_phase::waiting;
    on_thread_ = true;
}

bool write_queue::take_back(write_request& write, bool interrupt) noexcept {
    const lock_guard lock{mutex_};
    switch (write.phase) {
        case write_phase::waiting:
            --count_;
            [[fallthrough]];
        case write_phase::taken:
            write.unlink();
            write.phase = write_phase::answered;
            return true;
        case write_phase::running:
            if (interrupt) turn_->interrupt(write.turn);
            return false;
        case write_phase::apart:
        case write_phase::leading:
        case write_phase::ran:
        case write_phase::answered:
            return false;
    }
    return false;
}

void write_queue::abandon(write_request& write) noexcept {
    const lock_guard lock{mutex_};
    write.waiter = nullptr;
    if (write.phase == write_phase::running) turn_->interrupt(write.turn);
    while (write.phase == write_phase::running) changed_.wait(mutex_);
    const bool led = write.phase == write_phase::leading;
    if (led || write.phase == write_phase::waiting) --count_;
    write.unlink();
    write.phase = write_phase::answered;
    if (led) appoint_next();
}

std::size_t write_queue::take_group() noexcept {
    const lock_guard lock{mutex_};
    std::size_t taken = 0;
    std::size_t bytes = 0;
    while (!waiting_.empty() && taken < limits_.max_statements) {
        write_request& next = waiting_.front();
        bytes += next.bytes;
        if (taken > 0 && bytes > limits_.max_bytes) break;
        next.unlink();
        next.phase = write_phase::taken;
        taken_.push_back(next);
        ++taken;
    }
    count_ -= taken;
    return taken;
}

write_request* write_queue::begin_next(query_turn& turn) noexcept {
    const lock_guard lock{mutex_};
    write_request* next = taken_.try_pop_front();
    if (next == nullptr) return nullptr;
    turn_ = &turn;
    next->turn = turn.claim();
    turn.begin(next->turn);
    next->phase = write_phase::running;
    return next;
}

void write_queue::end(write_request& write, query_turn& turn) noexcept {
    // First, so that a stop which finds it running still hits no other's turn.
    turn.end();
    const lock_guard lock{mutex_};
    if (write.query.failure) {
        answer(write);
    } else {
        write.phase = write_phase::ran;
        ran_.push_back(write);
    }
    changed_.notify_all();
}

void write_queue::redo() noexcept {
    const lock_guard lock{mutex_};
    list rest;
    rest.take(later_);
    later_.take(taken_);
    later_.take(rest);
    ran_.each([](write_request& write) { write.phase = write_phase::taken; });
    taken_.take(ran_);
}

void write_queue::committed() noexcept {
    for (;;) {
        // Taken anew for each: loops that enter writes are not kept waiting for the whole group.
        const lock_guard lock{mutex_};
        write_request* write = ran_.try_pop_front();
        if (write == nullptr) break;
        answer(*write);
    }
    const lock_guard lock{mutex_};
    taken_.take(later_);
}

void write_queue::fail_group(const error& why) noexcept {
    const lock_guard lock{mutex_};
    fail_all(ran_, why);
    fail_all(taken_, why);
    fail_all(later_, why);
}

bool write_queue::group_has_more() const noexcept {
    const lock_guard lock{mutex_};
    return !taken_.empty() || !later_.empty();
}

void write_queue::retire() noexcept {
    const lock_guard lock{mutex_};
    on_thread_ = false;
    appoint_next();
    changed_.notify_all();
}

void write_queue::refuse_leader(const error& why) noexcept {
    const lock_guard lock{mutex_};
    on_thread_ = false;
    if (write_request* leader = waiting_.try_pop_front()) {
        --count_;
        leader->fail(why);
        answer(*leader);
    }
    appoint_next();
    changed_.notify_all();
}

std::size_t write_queue::waiting() const noexcept {
    const lock_guard lock{mutex_};
    return count_;
}

void write_queue::appoint_next() noexcept {
    busy_ = !waiting_.empty();
    if (!busy_) return;
    write_request& next = waiting_.front();
    next.phase = write_phase::leading;
    if (write_awaiter* waiter = std::exchange(next.waiter, nullptr)) waiter->post();
}

void write_queue::answer(write_request& write) noexcept {
    write.phase = write_phase::answered;
    if (write_awaiter* waiter = std::exchange(write.waiter, nullptr)) waiter->post();
}

void write_queue::fail_all(list& writes, const error& why) noexcept {
    while (write_request* write = writes.try_pop_front()) {
        write->fail(why);
        answer(*write);
    }
}

}  // namespace weir::inline v0::db
