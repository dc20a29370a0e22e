// Frames over a connection.
//
//     while (auto frame = co_await frames.next())
//         if (auto sent = co_await frames.send(*frame); !sent) break;
//
// Input: a frame that arrived whole is a view into the receive buffer. What arrived together is
// handed out without a suspension in between.
// Output: send() copies and goes on; all that is sent in one turn of the loop, the answers to a
// batch of pipelined frames for one, leaves in one operation: before next() waits, or when the turn
// ends. send() waits only for a peer that does not read.
//
// One task reads; any number may send, each frame goes out whole. Belongs to the connection's loop,
// and must not outlive the connection.
#pragma once

#include <optional>
#include <type_traits>

#include "weir/base/api.hpp"
#include "weir/base/lambda_rule.hpp"
#include "weir/frame/codec.hpp"
#include "weir/frame/frame_view.hpp"
#include "weir/frame/framed_options.hpp"
#include "weir/net/connection.hpp"

namespace weir::inline v0::frame {

class WEIR_API framed {
public:
    using loop_bound = void;

    // Errors: throws std::invalid_argument as codec does.
    explicit framed(net::connection& connection, const codec_options& protocol = {},
                    const framed_options& options = {});
    // Anything else, to say what is wrong with it.
    template <class Other, class... Options>
    explicit framed(Other&&, const Options&...) {
        static_assert(std::is_void_v<Other>,
                      "framed takes a net::connection& that outlives it, codec_options and "
                      "framed_options");
    }
    framed(const framed&) = delete;
    framed& operator=(const framed&) = delete;

    // `co_await frames.next()`: the next frame, as a result<frame_view>. What was sent before
    // leaves before it waits. Errors: end_of_stream between two frames; malformed where the stream
    // ends inside one; too_large and malformed for a length that cannot be, before anything is
    // allocated for it; those of connection.fill(). After a violation each next() answers with it
    // again. Lifetime: the view is good until the next next(), or for as long as a pin of keep()
    // lives. Cancellation: no byte is lost; next() may be called again.
    class next_awaiter;
    class next_operand;
    next_operand next() noexcept;
    // Keeps the bytes of the frame that next() delivered last, for work that goes on beside next().
    net::pin keep() const { return connection_->keep(); }

    // `co_await frames.send(payload)`: a frame of these bytes, as a result<>. Up to 4 KiB are
    // copied and gone when the connection gets to it; more is sent from where it is, and waited
    // for. Errors: too_large over max_frame_length; those of connection.flush(). Lifetime: payload
    // must stay until send() has ended, and not longer. Cancellation: a small frame is sent or it
    // is not, never in part; a larger one that was begun breaks the connection.
    class send_awaiter;
    class send_operand;
    send_operand send(bytes_view payload) noexcept;
    // Copies a frame behind what is to be sent, and neither waits nor sends: flush(), send() and
    // next() do. Errors: too_large over max_frame_length, and overloaded where the connection's
    // output limit leaves no room: flush first.
    result<> write(bytes_view payload) noexcept;
    // `co_await frames.flush()`: until all of it is sent.
    net::connection::flush_operand flush() noexcept { return connection_->flush(); }

    const class codec& codec() const noexcept { return codec_; }

private:
    // What send() copies; the copy costs less than an operation of its own.
    static constexpr std::size_t most_copied = 4096;

    // Whether there is an answer without more input: found_, or failure_.
    bool find_next() noexcept;
    // What the end of the input means here.
    errc end_of_input() noexcept;
    void limit_wait() noexcept;
    static bool is_small(bytes_view payload) noexcept { return payload.size() <= most_copied; }
    bool at_high_water() const noexcept { return connection_->unsent() >= options_.high_water; }
    // Copies small payloads and lends others. Nothing is written where the answer is not errc{}:
    // overloaded where there is no room, too_large, invalid_argument, or why the connection is
    // broken.
    errc put(bytes_view payload, bool copy) noexcept;

    net::connection* connection_;
    class codec codec_;
    framed_options options_;
    frame_view found_;
    std::size_t taken_ = 0;  // of the input, by the frame that was delivered last
    errc failure_{};
    bool incomplete_ = false;  // the deadline of a frame runs
};

// Several receives may be needed for one frame; this goes from one to the next as the early exit of
// their awaiters, so that no coroutine is needed in between.
class WEIR_API framed::next_awaiter final : early_exit {
public:
    next_awaiter(framed& owner, const environment& env) noexcept : owner_{&owner}, env_{&env} {}

    bool await_ready() { return advance(); }
    void await_suspend(continuation then) noexcept;
    result<frame_view> await_resume() noexcept;
    bool failed() const noexcept { return error_ != errc{}; }
    error take_error() const noexcept { return error{error_}; }

private:
    // True where there is an answer; else fill_ waits to be suspended.
    bool advance() noexcept;
    bool filled() noexcept;
    std::coroutine_handle<> next() noexcept override;

    framed* owner_;
    const environment* env_;
    std::optional<net::connection::fill_awaiter> fill_;
    continuation then_;
    errc error_{};
};

class [[nodiscard("nothing happens until it is awaited")]] framed::next_operand {
public:
    explicit next_operand(framed& owner) noexcept : owner_{&owner} {}
    next_awaiter await_with(const environment& env) const noexcept {
        return next_awaiter{*owner_, env};
    }

private:
    framed* owner_;
};

class WEIR_API framed::send_awaiter final : early_exit {
public:
    send_awaiter(framed& owner, bytes_view payload, const environment& env) noexcept
        : owner_{&owner}, payload_{payload}, env_{&env} {}

    bool await_ready() { return advance(); }
    void await_suspend(continuation then) noexcept;
    result<> await_resume() noexcept;
    bool failed() const noexcept { return error_ != errc{}; }
    error take_error() const noexcept { return error{error_}; }

private:
    // True where it is over; else flush_ waits to be suspended.
    bool advance() noexcept;
    bool written() noexcept;
    bool flushed() noexcept;
    std::coroutine_handle<> next() noexcept override;

    framed* owner_;
    bytes_view payload_;
    const environment* env_;
    std::optional<net::connection::flush_awaiter> flush_;
    continuation then_;
    errc error_{};
    bool lent_ = false;  // the payload is being sent from where it is
};

class [[nodiscard("nothing happens until it is awaited")]] framed::send_operand {
public:
    send_operand(framed& owner, bytes_view payload) noexcept : owner_{&owner}, payload_{payload} {}
    send_awaiter await_with(const environment& env) const noexcept {
        return send_awaiter{*owner_, payload_, env};
    }

private:
    framed* owner_;
    bytes_view payload_;
};

inline framed::next_operand framed::next() noexcept { return next_operand{*this}; }
inline framed::send_operand framed::send(bytes_view payload) noexcept {
    return send_operand{*this, payload};
}

}  // namespace weir::inline v0::frame
