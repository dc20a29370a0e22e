// Sends what a connection has to say, one operation at a time.
//
// Sending is the connection's own: a task that waits for it may be stopped or destroyed, and what
// was copied still goes out. Only views bind it to who waits: when a waiting task leaves, the bytes
// that it lent may go with it, so the connection breaks. What is written while an operation is
// under way is sent next, by itself. Belongs to the connection's loop.
//
// A connection has a sender for as long as it has something to say: an idle one has none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "weir/base/api.hpp"
#include "weir/base/result.hpp"
#include "weir/io/operation.hpp"
#include "weir/net/output.hpp"
#include "weir/task/wait.hpp"

namespace weir::inline v0::net {

class connection;
class sent_awaiter;

class WEIR_API sender final : io::send_op, runnable {
public:
    static void* operator new(std::size_t size);
    static void operator delete(void* memory, std::size_t size) noexcept;

    // of outlives it.
    explicit sender(connection& of) noexcept;
    // Takes back what is under way.
    ~sender();

    output_buffer& output() noexcept { return output_; }
    const output_buffer& output() const noexcept { return output_; }
    // Nothing is left to send, now or later in this turn.
    bool done() const noexcept { return output_.empty() && !runnable::linked(); }
    // When it looks whether the peer takes what is being sent; never where nothing is.
    time_point deadline() const noexcept { return sending_ ? deadline_ : never; }
    // Begins to send what was written, unless that is under way. It may be gone afterwards.
    void start() noexcept;
    // start(), later in this turn of the loop, so that what is written until then goes with it.
    void start_soon() noexcept;
    // Nothing is sent any more; what was written is dropped.
    void stop(errc why) noexcept;
    // To be called when the time has come that it asked its connection for, or earlier. The
    // connection may have broken afterwards.
    void check_pace() noexcept;

private:
    friend class sent_awaiter;

    void on_complete() noexcept override;
    void run() noexcept override { start(); }

    void send_on() noexcept;
    void show(std::span<const io::piece> pieces) const noexcept;
    bool chunk_ended() noexcept;
    void begin_round() noexcept;
    void begin_window() noexcept;
    bool fast_enough() const noexcept;
    // Bytes that the transport has taken, those of the operation under way included.
    std::uint64_t taken() const noexcept;

    connection* of_;
    output_buffer output_;
    intrusive_list<sent_awaiter, sent_awaiter> waiting_;  // the earliest target first
    // What had been written by the time that the write timeout began to run.
    std::uint64_t round_end_ = 0;
    // What had been taken by then.
    std::uint64_t window_begin_ = 0;
    time_point deadline_ = never;
    bool sending_ = false;
};

// Until all that had been written has been sent. Any number of tasks may wait.
class WEIR_API sent_awaiter : public wait, public list_hook<sent_awaiter> {
public:
    sent_awaiter(connection& of, const environment& env) noexcept : wait{env}, of_{&of} {}
    ~sent_awaiter();

    bool await_ready() noexcept;
    void await_suspend(continuation then) noexcept;
    result<> await_resume() noexcept;
    bool failed() const noexcept { return status_ != errc{}; }
    error take_error() const noexcept { return error{status_}; }

private:
    friend class sender;
    void end(errc status) noexcept;
    void on_stop(errc reason) noexcept override;

    connection* of_;
    std::uint64_t target_ = 0;
    errc status_{};
};

}  // namespace weir::inline v0::net
