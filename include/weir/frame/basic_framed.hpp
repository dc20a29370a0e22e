// Frames over a connection, whatever codec cuts them.
//
//     while (auto frame = co_await frames.next())
//         if (auto sent = co_await frames.send(*frame); !sent) break;
//
// Input: a frame that arrived whole is a view into the receive buffer. What arrived together is
// handed out without a suspension in between. A frame that is more than the reader wants to hold is
// taken in pieces.
// Output: send() copies and goes on; all that is sent in one turn of the loop, the answers to a
// batch of pipelined frames for one, leaves in one operation: before next() waits, or when the turn
// ends. send() waits only for a peer that does not read.
//
// One task reads; any number may send, each frame goes out whole. Belongs to the connection's loop,
// and must not outlive the connection.
#pragma once

#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>
#include <source_location>
#include <type_traits>
#include <utility>

#include "weir/base/api.hpp"
#include "weir/base/lambda_rule.hpp"
#include "weir/base/lifetime.hpp"
#include "weir/frame/frame_codec.hpp"
#include "weir/frame/frame_view.hpp"
#include "weir/frame/framed_options.hpp"
#include "weir/frame/piece_pace.hpp"
#include "weir/net/connection.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::frame {

template <frame_codec Codec>
class WEIR_API basic_framed {
    using place = std::source_location;
    enum class wanted : std::uint8_t { frame, size, piece };

public:
    using loop_bound = void;

    // Errors: throws std::invalid_argument as the codec does.
    explicit basic_framed(net::connection& connection WEIR_LIFETIMEBOUND,
                          const typename Codec::options& protocol = {},
                          const framed_options& options = {})
        : connection_{&connection}, codec_{protocol}, options_{options} {}
    // Anything else, to say what is wrong with it.
    template <class Other, class... Options>
    explicit basic_framed(Other&&, const Options&...) {
        static_assert(std::is_void_v<Other>,
                      "framed takes a net::connection& that outlives it, the options of its codec "
                      "and framed_options");
    }
    basic_framed(const basic_framed&) = delete;
    basic_framed& operator=(const basic_framed&) = delete;

    // `co_await frames.next()`: the next frame, as a result<frame_view>. What was sent before
    // leaves before it waits. Errors: end_of_stream between two frames; malformed where the stream
    // ends inside one; too_large and malformed for a frame that cannot be, before anything is
    // allocated for it; closed after close(); those of connection.fill(). After a violation each
    // next() answers with it again. Lifetime: the view is good until the next next(), or for as
    // long as a pin of keep() lives. Cancellation: no byte is lost; next() may be called again.
    class next_awaiter;
    class next_operand;
    next_operand next(place at = place::current()) noexcept WEIR_LIFETIMEBOUND;

    // `co_await frames.next_size()`: how long the next frame is, as a result<std::size_t>, as soon
    // as its header is there; next() or next_piece() are still to take it. Errors, lifetime of the
    // frame before it, cancellation: as next().
    class size_awaiter;
    class size_operand;
    size_operand next_size(place at = place::current()) noexcept WEIR_LIFETIMEBOUND
        requires announcing_codec<Codec>;
    // `co_await frames.next_piece()`: what has come of the next frame, or the next of what has come
    // of a frame that was begun like this, as a result<frame_view>: at least a byte, unless no more
    // of the frame was to come. in_frame() says whether more is; left() how much, where frames
    // announce their length. No more of it is held than was received at once, some 16 KiB, and
    // nothing is received that is not asked for. next() and next_size() pass over the rest of a
    // frame that was begun. A drain waits for that rest: set_in_message() of the connection is set
    // meanwhile. Errors, lifetime of the piece, cancellation: as next(); timed_out under
    // framed_options::min_piece_rate; too_large, where an end is searched for, may follow pieces.
    class piece_operand;
    piece_operand next_piece(place at = place::current()) noexcept WEIR_LIFETIMEBOUND
        requires piecewise_codec<Codec>;
    bool in_frame() const noexcept {
        if constexpr (!announcing_codec<Codec> && settling_codec<Codec>) return search_.taken > 0;
        return left_ > 0;
    }
    std::size_t left() const noexcept
        requires announcing_codec<Codec>
    {
        return left_;
    }

    // Keeps the bytes of the frame that next() delivered last, for work that goes on beside next().
    net::pin keep() const { return connection_->keep(); }

    // `co_await frames.send(payload)`: a frame of these bytes, as a result<>. Up to 4 KiB are
    // copied and gone when the connection gets to it; more is sent from where it is, and waited
    // for. Errors: those of the codec's encode; overloaded where the connection's output limit is
    // less than this frame with its trailer; those of connection.flush(). Lifetime: payload must
    // stay until send() has ended, and not longer. Cancellation: a small frame is sent or it is
    // not, never in part; a larger one that was begun breaks the connection.
    class send_awaiter;
    class send_operand;
    send_operand send(bytes_view payload WEIR_LIFETIMEBOUND) noexcept WEIR_LIFETIMEBOUND;
    // Copies a frame behind what is to be sent, and neither waits nor sends: flush(), send() and
    // next() do. Errors: those of the codec's encode, and overloaded where the connection's output
    // limit leaves no room: flush first.
    result<> write(bytes_view payload) noexcept;
    // `co_await frames.flush()`: until all of it is sent.
    net::connection::flush_operand flush() noexcept { return connection_->flush(); }

    // What one task reads with and others send with. Lifetime: this outlives them.
    class reader;
    class writer;
    std::pair<reader, writer> split() noexcept WEIR_LIFETIMEBOUND;
    // Flushes and closes the connection, as its close() does. A task that reads meanwhile is told
    // errc::closed, and so is whoever reads or sends later. The frame that was delivered last is
    // given up, as by next().
    task<> close(place at = place::current());

    const Codec& codec() const noexcept WEIR_LIFETIMEBOUND { return codec_; }

private:
    class input_awaiter;
    struct nothing {};
    // For the end of a frame.
    struct search {
        std::size_t seen = 0;   // of the input, in vain
        std::size_t taken = 0;  // in pieces, of this frame
    };

    // What send() copies; the copy costs less than an operation of its own.
    static constexpr std::size_t most_copied = 4096;

    decoded decode(place at) noexcept;
    void give_up(place at) noexcept;
    frame_view deliver(bytes_view bytes, place at) noexcept;
    // Whether there is an answer without more input: found_, or next_length(), or failure_.
    bool find(wanted what, place at) noexcept;
    bool find_frame(place at) noexcept;
    bool find_size() noexcept
        requires announcing_codec<Codec>;
    bool find_piece(place at) noexcept
        requires announcing_codec<Codec>;
    bool find_header() noexcept
        requires announcing_codec<Codec>;
    bool find_piece(place at) noexcept
        requires(!announcing_codec<Codec> && settling_codec<Codec>);
    void begin_pieces() noexcept;
    void end_pieces() noexcept;
    bool pass_over(place at) noexcept
        requires piecewise_codec<Codec>;
    std::size_t next_length() const noexcept {
        if constexpr (!announcing_codec<Codec>)
            return 0;
        else
            return codec_.announce(connection_->input()).length();
    }
    // What the end of the input means here.
    errc end_of_input() noexcept;
    void limit_wait() noexcept;
    void waited() noexcept;
    void frame_is_there() noexcept {
        if (std::exchange(incomplete_, false)) connection_->set_read_deadline(never);
    }
    void refuse(errc why) noexcept { failure_ = why; }

    static bool is_small(bytes_view payload) noexcept { return payload.size() <= most_copied; }
    bool at_high_water() const noexcept { return connection_->unsent() >= options_.high_water; }
    // Copies small payloads and lends others. Nothing is written where the answer is not errc{}:
    // overloaded where there is no room, that of encode, or why the connection is broken.
    errc put(bytes_view payload, bool copy) noexcept;

    net::connection* connection_;
    Codec codec_;
    framed_options options_;
    frame_view found_;
    std::size_t taken_ = 0;  // of the input, by the frame that was delivered last
    std::size_t left_ = 0;   // of a frame in pieces, behind what was delivered
    piece_pace pace_{options_};
    std::uint64_t received_before_ = 0;  // the wait for a piece
    [[no_unique_address]] std::conditional_t<searching_codec<Codec>, search, nothing> search_{};
    errc failure_{};
    bool incomplete_ = false;  // the deadline of a frame runs
};

// Several receives may be needed for one answer; this goes from one to the next as the early exit
// of their awaiters, so that no coroutine is needed in between.
template <frame_codec Codec>
class WEIR_API basic_framed<Codec>::input_awaiter : early_exit {
public:
    input_awaiter(basic_framed& owner, wanted what, place at, const environment& env) noexcept
        : owner_{&owner}, env_{&env}, place_{at}, what_{what} {}
    input_awaiter(const input_awaiter&) = delete;
    input_awaiter& operator=(const input_awaiter&) = delete;

    bool await_ready() { return advance(); }
    void await_suspend(continuation then) noexcept;
    bool failed() const noexcept { return error_ != errc{}; }
    error take_error() const noexcept { return error{error_}; }

protected:
    ~input_awaiter() = default;

    basic_framed* owner_;

private:
    // True where there is an answer; else fill_ waits to be suspended.
    bool advance() noexcept;
    bool filled() noexcept;
    std::coroutine_handle<> next() noexcept override;

    const environment* env_;
    place place_;
    std::optional<net::connection::fill_awaiter> fill_;
    continuation then_;
    errc error_{};
    wanted what_;
};

template <frame_codec Codec>
class WEIR_API basic_framed<Codec>::next_awaiter final : public input_awaiter {
public:
    using input_awaiter::input_awaiter;
    result<frame_view> await_resume() noexcept {
        if (this->failed()) return fail(this->take_error());
        return this->owner_->found_;
    }
};

template <frame_codec Codec>
class WEIR_API basic_framed<Codec>::size_awaiter final : public input_awaiter {
public:
    using input_awaiter::input_awaiter;
    result<std::size_t> await_resume() noexcept {
        if (this->failed()) return fail(this->take_error());
        return this->owner_->next_length();
    }
};

template <frame_codec Codec>
class [[nodiscard("nothing happens until it is awaited")]] basic_framed<Codec>::next_operand {
public:
    next_operand(basic_framed& owner, place at) noexcept : owner_{&owner}, place_{at} {}
    next_awaiter await_with(const environment& env) const noexcept {
        return next_awaiter{*owner_, wanted::frame, place_, env};
    }

private:
    basic_framed* owner_;
    place place_;
};

template <frame_codec Codec>
class [[nodiscard("nothing happens until it is awaited")]] basic_framed<Codec>::piece_operand {
public:
    piece_operand(basic_framed& owner, place at) noexcept : owner_{&owner}, place_{at} {}
    next_awaiter await_with(const environment& env) const noexcept {
        return next_awaiter{*owner_, wanted::piece, place_, env};
    }

private:
    basic_framed* owner_;
    place place_;
};

template <frame_codec Codec>
class [[nodiscard("nothing happens until it is awaited")]] basic_framed<Codec>::size_operand {
public:
    size_operand(basic_framed& owner, place at) noexcept : owner_{&owner}, place_{at} {}
    size_awaiter await_with(const environment& env) const noexcept {
        return size_awaiter{*owner_, wanted::size, place_, env};
    }

private:
    basic_framed* owner_;
    place place_;
};

template <frame_codec Codec>
class WEIR_API basic_framed<Codec>::send_awaiter final : early_exit {
public:
    send_awaiter(basic_framed& owner, bytes_view payload, const environment& env) noexcept
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

    basic_framed* owner_;
    bytes_view payload_;
    const environment* env_;
    std::optional<net::connection::flush_awaiter> flush_;
    continuation then_;
    errc error_{};
    bool lent_ = false;  // the payload is being sent from where it is
};

template <frame_codec Codec>
class [[nodiscard("nothing happens until it is awaited")]] basic_framed<Codec>::send_operand {
public:
    send_operand(basic_framed& owner, bytes_view payload) noexcept
        : owner_{&owner}, payload_{payload} {}
    send_awaiter await_with(const environment& env) const noexcept {
        return send_awaiter{*owner_, payload_, env};
    }

private:
    basic_framed* owner_;
    bytes_view payload_;
};

// The one that reads: it moves, and does not copy.
template <frame_codec Codec>
class basic_framed<Codec>::reader {
public:
    using loop_bound = void;

    explicit reader(basic_framed& of WEIR_LIFETIMEBOUND) noexcept : of_{&of} {}
    reader(reader&&) noexcept = default;
    reader& operator=(reader&&) noexcept = default;

    next_operand next(place at = place::current()) noexcept { return of_->next(at); }
    size_operand next_size(place at = place::current()) noexcept
        requires announcing_codec<Codec>
    {
        return of_->next_size(at);
    }
    piece_operand next_piece(place at = place::current()) noexcept
        requires piecewise_codec<Codec>
    {
        return of_->next_piece(at);
    }
    bool in_frame() const noexcept { return of_->in_frame(); }
    std::size_t left() const noexcept
        requires announcing_codec<Codec>
    {
        return of_->left();
    }
    net::pin keep() const { return of_->keep(); }

private:
    basic_framed* of_;
};

// One that sends.
template <frame_codec Codec>
class basic_framed<Codec>::writer {
public:
    using loop_bound = void;

    explicit writer(basic_framed& of WEIR_LIFETIMEBOUND) noexcept : of_{&of} {}

    send_operand send(bytes_view payload WEIR_LIFETIMEBOUND) noexcept { return of_->send(payload); }
    result<> write(bytes_view payload) noexcept { return of_->write(payload); }
    net::connection::flush_operand flush() noexcept { return of_->flush(); }
    task<> close(place at = place::current()) { return of_->close(at); }

private:
    basic_framed* of_;
};

}  // namespace weir::inline v0::frame

#include "weir/frame/basic_framed_input.hpp"   // IWYU pragma: export
#include "weir/frame/basic_framed_output.hpp"  // IWYU pragma: export
