// Sends what a connection has to say, one operation at a time.
//
// Sending is the connection's own: a task that waits for it may be stopped or destroyed, and what
// was copied still goes out. Only views bind it to who waits: when a waiting task leaves, the bytes
// that it lent may go with it, so the connection breaks. What is written while an operation is
// under way is sent next, by itself. Belongs to the connection's loop.
#pragma once

#include <cstdint>

#include "weir/base/api.hpp"
#include "weir/base/result.hpp"
#include "weir/io/loop.hpp"
#include "weir/io/transport.hpp"
#include "weir/net/connection_options.hpp"
#include "weir/net/output.hpp"
#include "weir/net/traffic.hpp"
#include "weir/net/wire_tracer.hpp"
#include "weir/task/wait.hpp"

namespace weir::inline v0::net {

class sent_awaiter;

class WEIR_API sender final : io::send_op, runnable, timer {
public:
    // What happens to the rest of the connection when it can no longer send.
    class owner {
    public:
        virtual void sending_failed(errc why) noexcept = 0;

    protected:
        ~owner() = default;
    };

    // All of them outlive it.
    sender(io::transport& transport, io::loop& loop, const connection_options& options,
           owner& owner) noexcept;
    // Takes back what is under way.
    ~sender();

    output_buffer& output() noexcept { return output_; }
    const output_buffer& output() const noexcept { return output_; }
    // Begins to send what was written, unless that is under way.
    void start() noexcept;
    // start(), later in this turn of the loop, so that what is written until then goes with it.
    void start_soon() noexcept;
    // All has been sent, and no more will be.
    void finish() noexcept { broken_ = errc::closed; }
    // Nothing is sent any more; what was written is dropped. The first reason stays.
    void stop(errc why) noexcept;
    // errc{} as long as it can send.
    errc broken() const noexcept { return broken_; }
    // Bytes, since the beginning.
    std::uint64_t sent() const noexcept { return sent_; }
    std::uint64_t written() const noexcept { return sent_ + output_.size(); }
    void trace(wire_tracer* by) noexcept { tracer_ = by; }
    void count_in(metrics::counter_cell sent_bytes) noexcept { counter_ = sent_bytes; }

private:
    friend class sent_awaiter;

    void on_complete() noexcept override;
    void run() noexcept override { start(); }
    void on_expiry() noexcept override;

    void send_on() noexcept;
    void show(std::span<const io::piece> pieces) const noexcept;
    bool chunk_ended() noexcept;
    void begin_round() noexcept;
    void begin_window() noexcept;
    bool fast_enough() const noexcept;
    // Bytes that the transport has taken, those of the operation under way included.
    std::uint64_t taken() const noexcept;
    void watch() noexcept;
    // A waiting task goes.
    void leave(errc why) noexcept;

    io::transport* transport_;
    io::loop* loop_;
    const connection_options* options_;
    owner* owner_;
    output_buffer output_;
    metrics::counter_cell counter_;
    wire_tracer* tracer_ = nullptr;
    intrusive_list<sent_awaiter, sent_awaiter> waiting_;  // the earliest target first
    std::uint64_t sent_ = 0;
    // What had been written by the time that the write timeout began to run.
    std::uint64_t round_end_ = 0;
    // What had been taken by then.
    std::uint64_t window_begin_ = 0;
    time_point deadline_ = never;
    time_point watched_ = never;
    errc broken_{};
    bool sending_ = false;
};

// Until all that had been written has been sent. Any number of tasks may wait.
class WEIR_API sent_awaiter : public wait, public list_hook<sent_awaiter> {
public:
    sent_awaiter(sender& from, const environment& env) noexcept : wait{env}, from_{&from} {}
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

    sender* from_;
    std::uint64_t target_ = 0;
    errc status_{};
};

}  // namespace weir::inline v0::net
