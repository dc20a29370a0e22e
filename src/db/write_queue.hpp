// Writes that wait for a group, and the group that runs: who may touch which write, when.
//
// Three sides meet under one lock. A loop enters a write, and may take it back, or stop it, until
// its statement has run. The leader, one write at a time, fetches the connection. A thread takes
// what has queued as a group, runs it and answers. A write that is answered is out of every list
// and posted to its loop in one critical section, so whoever holds the lock finds it either known
// to the thread or complete. First come, first served, over all loops.
#pragma once

#include <condition_variable>
#include <cstddef>

#include "weir/base/intrusive_list.hpp"
#include "weir/base/mutex.hpp"
#include "weir/db/group_options.hpp"

#include "query_turn.hpp"
#include "write_request.hpp"

namespace weir::inline v0::db {

class write_queue {
public:
    explicit write_queue(const group_options& limits) : limits_{limits} {}
    write_queue(const write_queue&) = delete;
    write_queue& operator=(const write_queue&) = delete;
    // Blocks while a thread runs groups. Nobody waits.
    ~write_queue();

    // The loop's side.
    // True where there is nothing to wait for: it is answered (refused as overloaded), or leads.
    bool enter(write_request& write, write_awaiter& waiter) noexcept WEIR_EXCLUDES(mutex_);
    bool leads(const write_request& write) const noexcept WEIR_EXCLUDES(mutex_);
    // The leader has the connection, and becomes the first of those who wait.
    void launch(write_request& leader) noexcept WEIR_EXCLUDES(mutex_);
    // True where it has not begun, and from now on never will. Where its statement runs, that is
    // interrupted if `interrupt` says so.
    bool take_back(write_request& write, bool interrupt) noexcept WEIR_EXCLUDES(mutex_);
    // Whatever it is doing: nobody but its task knows of it afterwards. Blocks while its statement
    // runs, having interrupted it. A leader passes the lead on.
    void abandon(write_request& write) noexcept WEIR_EXCLUDES(mutex_);

    // The thread's side, between launch() and retire().
    // How many writes the next group has, 0 where none waits.
    std::size_t take_group() noexcept WEIR_EXCLUDES(mutex_);
    // The next of the group, whose turn on the connection begins; null after the last.
    write_request* begin_next(query_turn& turn) noexcept WEIR_EXCLUDES(mutex_);
    // Its turn has ended: it waits for the commit, or is answered with the failure it has.
    void end(write_request& write, query_turn& turn) noexcept WEIR_EXCLUDES(mutex_);
    // Those that ran are to run again, in a transaction of their own, before the rest.
    void redo() noexcept WEIR_EXCLUDES(mutex_);
    // Those that ran are committed; the rest of a redone group is what comes next.
    void committed() noexcept WEIR_EXCLUDES(mutex_);
    // The whole group, for one reason.
    void fail_group(const error& why) noexcept WEIR_EXCLUDES(mutex_);
    bool group_has_more() const noexcept WEIR_EXCLUDES(mutex_);
    // No group runs any more; the next to wait leads. The queue may be gone afterwards.
    void retire() noexcept WEIR_EXCLUDES(mutex_);
    // As retire(), where no thread was to be had for the leader, who is told why.
    void refuse_leader(const error& why) noexcept WEIR_EXCLUDES(mutex_);

    std::size_t waiting() const noexcept WEIR_EXCLUDES(mutex_);

private:
    using list = intrusive_list<write_request, write_tag>;

    void appoint_next() noexcept WEIR_REQUIRES(mutex_);
    void answer(write_request& write) noexcept WEIR_REQUIRES(mutex_);
    void fail_all(list& writes, const error& why) noexcept WEIR_REQUIRES(mutex_);

    const group_options limits_;
    mutable mutex mutex_;
    std::condition_variable_any changed_;
    // Somebody leads, or a thread runs groups: whoever comes waits.
    bool busy_ WEIR_GUARDED_BY(mutex_) = false;
    bool on_thread_ WEIR_GUARDED_BY(mutex_) = false;
    query_turn* turn_ WEIR_GUARDED_BY(mutex_) = nullptr;  // of the statement that runs
    std::size_t count_ WEIR_GUARDED_BY(mutex_) = 0;       // in waiting_
    list waiting_ WEIR_GUARDED_BY(mutex_);
    // The group: not begun, or to be redone; ran, and waiting for the commit; behind a redo.
    list taken_ WEIR_GUARDED_BY(mutex_);
    list ran_ WEIR_GUARDED_BY(mutex_);
    list later_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::inline v0::db
