// A connection is an owner.
//
// It has what has arrived and not been consumed (input), what is to be sent (write, flush),
// deadlines, and counts; it closes on every way out. It lives and dies on one loop. One task at a
// time may read; any number may write, also while another one waits for what it wrote.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <source_location>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/lambda_rule.hpp"
#include "weir/base/lifetime.hpp"
#include "weir/base/result.hpp"
#include "weir/io/loop.hpp"
#include "weir/io/transport.hpp"
#include "weir/net/connection_options.hpp"
#include "weir/net/input.hpp"
#include "weir/net/lifecycle.hpp"
#include "weir/net/sender.hpp"
#include "weir/net/traffic.hpp"
#include "weir/net/wire_tracer.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::net {

class receive_pace;
class reset_watch;

class WEIR_API connection final : timer, io::memory_holder {
    using place = std::source_location;

public:
    using loop_bound = void;

    // options and traffic must outlive the connection.
    connection(std::unique_ptr<io::transport> transport, io::loop& loop,
               const connection_options& options,
               const traffic& traffic = traffic::uncounted()) noexcept;
    connection(const connection&) = delete;  // it has one owner: take it by reference
    connection& operator=(const connection&) = delete;
    // Closes; what was written and not flushed is dropped. See close() for the graceful way.
    ~connection();

    // --- reading

    // What has arrived and not been consumed, contiguous. Valid until the next consume(), fill() or
    // receive that a fill() starts.
    bytes_view input([[maybe_unused]] place at = place::current()) const noexcept
        WEIR_LIFETIMEBOUND {
#ifndef NDEBUG
        input_.delivered(at);
#endif
        return input_.view();
    }
    std::size_t unread() const noexcept { return input_.size(); }
    // Marks the first bytes of input() as used. Who looks at them later, and has not pinned them,
    // ends the process under AddressSanitizer and where Weir itself is built without NDEBUG. It
    // names the lines that input() and consume() were called from.
    void consume(std::size_t bytes, place at = place::current()) noexcept {
        input_.consume(bytes, at);
        io::memory_holder::unlink();
        evicted_ = false;
    }
    // `co_await connection.fill()`: waits for more input, whatever the amount; answers with a
    // result<>. Views into input() are invalid afterwards, unless their bytes are pinned by keep().
    // Errors: end_of_stream, timed_out, canceled, reset, too_large (over the input limit, or over
    // all that the loop has for such messages), out_of_memory, overloaded (the loop's memory for
    // reading was used up, and this message was the oldest; what has arrived of it may be gone),
    // and that of the sending side where the connection has broken there.
    // Cancellation: nothing that arrived is lost; fill() may be called again.
    class fill_awaiter;
    class fill_operand;
    fill_operand fill() noexcept;
    // From here on, in place of those that it was made with. Lifetime: they outlive it.
    void set_options(const connection_options& options) noexcept { options_ = &options; }
    // When the reads from now on end with errc::timed_out; never: at the idle timeout each.
    void set_read_deadline(time_point deadline) noexcept { read_deadline_ = deadline; }
    // Whether a task waits in fill(), and ending its wait: what arrives meanwhile may be lost.
    bool reading() const noexcept { return reading_ != nullptr; }
    void stop_reading(errc why) noexcept;
    // When the read that a task waits in ends with errc::timed_out; never where none waits.
    time_point reading_until() const noexcept { return fill_until_; }
    // What is still to come behind input(), at most, where the peer has finished: known without
    // reading, which tells of an end only once all before it has been read. Nothing where it has
    // not, where the transport cannot know, or while a task reads.
    std::optional<std::size_t> left_before_end() const noexcept {
        return reading() ? std::nullopt : transport_->left_before_end();
    }
    // Copies the first of the bytes that left_before_end() has told of, which stay to be read. How
    // many; 0 where it would tell nothing.
    std::size_t peek(bytes_span into) const noexcept {
        return reading() ? 0 : transport_->peek(into);
    }
    // Pins the bytes that are in input() now, for as long as the result lives; nothing is copied.
    pin keep() { return input_.keep(); }
    // Whether somebody does.
    bool pinned() const noexcept { return input_.pinned(); }

    // --- writing

    // Copies bytes behind what is to be sent. False where the output limit is reached: flush first.
    bool write(bytes_view bytes) { return output().append(bytes); }
    // Room for at least so many bytes (at most io::block_size) at the end of what is to be sent;
    // empty where the output limit is reached. commit() says how many of them were written.
    bytes_span reserve(std::size_t bytes) { return output().reserve(bytes); }
    void commit(std::size_t bytes) noexcept { sender_->output().commit(bytes); }
    // Sends bytes from where they are, which must stay until the next flush() has ended. False
    // where the output limit is reached already.
    bool write_view(bytes_view bytes) { return output().append_view(bytes); }
    // When what is being sent ends with errc::timed_out, unless the peer takes it fast enough until
    // then; never where nothing is.
    time_point sending_until() const noexcept { return sender_ ? sender_->deadline() : never; }
    std::size_t unsent() const noexcept { return sender_ ? sender_->output().size() : 0; }
    // What write() would still take.
    std::size_t room() const noexcept {
        return sender_ ? sender_->output().room() : options_->output_limit;
    }
    // `co_await connection.flush()`: until all that has been written is sent; what is written while
    // it waits is sent as well. Errors: timed_out, reset, closed: the connection is broken then,
    // and answers with the same from now on. Cancellation: what was copied is sent all the same;
    // where a view waits to be sent, the connection breaks.
    class flush_awaiter;
    class flush_operand;
    flush_operand flush() noexcept;
    // Begins to send, and does not wait. Not for views, whose end only flush() tells.
    void start_flush() noexcept {
        if (sender_) sender_->start();
    }
    // The same at the end of this turn of the loop, for all that is written until then.
    void flush_soon() noexcept {
        if (sender_) sender_->start_soon();
    }

    // Why nothing can be sent any more, errc::closed after an end in order; errc{} as long as it
    // can.
    errc broken() const noexcept { return broken_; }

    // Work for the peer that has lasted for a while already: it is stopped, with errc::canceled, if
    // the peer resets the connection, though nobody reads or sends meanwhile; broken() says so
    // then. Null: it has ended. A peer that has merely finished stops nothing. Costs an operation
    // the first time, and memory; where there is none, a reset is noticed by reading or sending
    // only. Lifetime: work, until null is given.
    void stop_at_reset(stop_node* work) noexcept;

    // For drivers: a bug of what serves it, which is contained, goes to the log of the service that
    // runs it; nowhere where there is none.
    void tell(std::string_view problem) const noexcept {
        if (traffic_->problem) traffic_->problem(problem);
    }

    // --- draining

    // The service wants to end: finish what is in flight and take nothing new. From now on a wait
    // between two messages lasts a second at most.
    void drain() noexcept;
    // Nothing new is to be taken: a drain has begun, or the end.
    bool draining() const noexcept { return !lifecycle_.takes_messages(); }
    // For drivers: a message is being handled though input() is empty (its body is still to come,
    // or its answer), so that a drain does not take the wait for an idle one, and that
    // min_receive_rate holds.
    void set_in_message(bool in_message) noexcept { in_message_ = in_message; }
    bool in_message() const noexcept { return in_message_ || input_.size() > 0; }
    // `co_await connection.drained()`: until the service wants to end. One task may wait.
    class drained_awaiter;
    class drained_operand;
    drained_operand drained() noexcept;

    // --- ending

    // Flushes, says that no more will come, then reads and drops what the peer still sends, up to
    // 64 KiB and one second, so that the last answer is not lost to a reset.
    task<> close();
    // Reads and writes from now on fail, and the peer gets a reset when this is destroyed.
    void abort() noexcept;

    // From now on, in place of who does so far; null for nobody.
    void trace(std::unique_ptr<wire_tracer> by) noexcept { tracer_ = std::move(by); }
    bool traced() const noexcept { return tracer_ != nullptr; }
    lifecycle::state phase() const noexcept { return lifecycle_.now(); }
    io::loop& loop() const noexcept { return *loop_; }
    const io::endpoint& peer() const noexcept { return transport_->peer(); }
    std::uint64_t received_bytes() const noexcept { return received_; }
    std::uint64_t sent_bytes() const noexcept { return sent_; }

private:
    friend class sender;
    friend class sent_awaiter;
    friend class reset_watch;

    // Throws std::bad_alloc.
    output_buffer& output() {
        if (!sender_) make_sender();
        return sender_->output();
    }
    void make_sender();
    errc unreadable() const noexcept;
    result<bytes_span> receive_room() noexcept;
    // As a holder of memory: gives up the message that is being collected, when the loop's memory
    // for reading is used up. It is as old as the first wait for the rest of it.
    void evict() noexcept override;
    void evict_for_assembly() noexcept;
    void list_memory() noexcept;
    void unlist_memory() noexcept;
    void begin_reading(fill_awaiter& reader) noexcept;
    bool between_messages() const noexcept { return !in_message(); }
    void keep_pace() noexcept;
    void end_reading() noexcept;
    void reading_failed(errc why) noexcept;

    // As a timer, of reading and sending. Armed lazily: moving a deadline costs no timer operation.
    void on_expiry() noexcept override;
    void watch(time_point deadline) noexcept;
    void check_reading() noexcept;

    // Bytes, since the beginning.
    std::uint64_t written() const noexcept { return sent_ + unsent(); }
    void count_sent(std::size_t bytes) noexcept {
        sent_ += bytes;
        traffic_->sent_bytes.add(bytes);
    }
    // The sender has nothing left; it may be gone afterwards.
    void all_sent() noexcept;
    void release_sender() noexcept;
    // A task that waits until all is sent goes.
    void waiter_leaves(errc why) noexcept;
    // Nothing can be sent any more; what was written is dropped. The first reason stays.
    void break_off(errc why) noexcept;
    void sending_failed(errc why) noexcept;

    std::unique_ptr<io::transport> transport_;
    io::loop* loop_;
    const connection_options* options_;
    const traffic* traffic_;
    input_buffer input_;
    std::unique_ptr<sender> sender_;
    std::unique_ptr<wire_tracer> tracer_;
    std::unique_ptr<receive_pace> pace_;  // amid a message, where a rate is asked for
    fill_awaiter* reading_ = nullptr;
    time_point read_deadline_ = never;
    time_point fill_until_ = never;
    time_point watched_ = never;
    std::uint64_t received_ = 0;
    std::uint64_t sent_ = 0;
    drained_awaiter* drain_watcher_ = nullptr;
    std::unique_ptr<reset_watch> reset_watch_;  // most have none
    errc broken_{};
    lifecycle lifecycle_;
    bool in_message_ = false;
    bool evicted_ = false;
    bool assembled_ = false;  // its memory is listed with the assemblies, not with the slabs
};

class WEIR_API connection::fill_awaiter final
    : public io::operation_awaiter<io::transport, io::receive_op> {
    using base = io::operation_awaiter<io::transport, io::receive_op>;

public:
    fill_awaiter(connection& owner, const environment& env) noexcept
        : fill_awaiter{owner, owner.receive_room(), env} {}
    ~fill_awaiter() { owner_->end_reading(); }

    bool await_ready() noexcept;
    void await_suspend(continuation then) noexcept;
    result<> await_resume() noexcept;
    error take_error() noexcept {
        owner_->reading_failed(status());
        return base::take_error();
    }

private:
    fill_awaiter(connection& owner, result<bytes_span> place, const environment& env) noexcept;

    connection* owner_;
};

class [[nodiscard("nothing happens until it is awaited")]] connection::fill_operand {
public:
    explicit fill_operand(connection& owner) noexcept : owner_{&owner} {}
    fill_awaiter await_with(const environment& env) const noexcept {
        return fill_awaiter{*owner_, env};
    }

private:
    connection* owner_;
};

class connection::flush_awaiter final : public sent_awaiter {
public:
    flush_awaiter(connection& owner, const environment& env) noexcept : sent_awaiter{owner, env} {}
};

class [[nodiscard("nothing happens until it is awaited")]] connection::flush_operand {
public:
    explicit flush_operand(connection& owner) noexcept : owner_{&owner} {}
    flush_awaiter await_with(const environment& env) const noexcept {
        return flush_awaiter{*owner_, env};
    }

private:
    connection* owner_;
};

class WEIR_API connection::drained_awaiter final : public wait {
public:
    drained_awaiter(connection& owner, const environment& env) noexcept
        : wait{env}, owner_{&owner} {}
    ~drained_awaiter() {
        if (owner_->drain_watcher_ == this) owner_->drain_watcher_ = nullptr;
    }

    bool await_ready() noexcept;
    void await_suspend(continuation then) noexcept;
    result<> await_resume() noexcept;
    bool failed() const noexcept { return reason_ != errc{}; }
    error take_error() const noexcept { return error{reason_}; }

private:
    friend class connection;
    void on_stop(errc reason) noexcept override;

    connection* owner_;
    errc reason_{};
};

class [[nodiscard("nothing happens until it is awaited")]] connection::drained_operand {
public:
    explicit drained_operand(connection& owner) noexcept : owner_{&owner} {}
    drained_awaiter await_with(const environment& env) const noexcept {
        return drained_awaiter{*owner_, env};
    }

private:
    connection* owner_;
};

inline connection::drained_operand connection::drained() noexcept { return drained_operand{*this}; }
inline connection::fill_operand connection::fill() noexcept { return fill_operand{*this}; }
inline connection::flush_operand connection::flush() noexcept { return flush_operand{*this}; }

}  // namespace weir::inline v0::net
