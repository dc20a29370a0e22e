// The definitions of basic_framed that read, which a codec of the user's own needs.
#pragma once

#include <algorithm>

#include "weir/frame/basic_framed.hpp"

namespace weir::inline v0::frame {

template <frame_codec Codec>
auto basic_framed<Codec>::next(place at) noexcept -> next_operand {
    return next_operand{*this, at};
}

template <frame_codec Codec>
auto basic_framed<Codec>::next_size(place at) noexcept -> size_operand
    requires announcing_codec<Codec>
{
    return size_operand{*this, at};
}

template <frame_codec Codec>
auto basic_framed<Codec>::next_piece(place at) noexcept -> piece_operand
    requires piecewise_codec<Codec>
{
    return piece_operand{*this, at};
}

template <frame_codec Codec>
auto basic_framed<Codec>::split() noexcept -> std::pair<reader, writer> {
    return {reader{*this}, writer{*this}};
}

template <frame_codec Codec>
task<> basic_framed<Codec>::close(place at) {
    refuse(errc::closed);
    give_up(at);
    connection_->stop_reading(errc::closed);
    // Whoever reads leaves when it is resumed, which is due in this turn.
    while (connection_->reading()) co_await yield();
    co_await connection_->close();
}

template <frame_codec Codec>
inline decoded basic_framed<Codec>::decode(place at) noexcept {
    const bytes_view input = connection_->input(at);
    if constexpr (searching_codec<Codec>) {
        const decoded start = codec_.decode(input, std::min(search_.seen, input.size()));
        search_.seen = start.is_incomplete() ? input.size() : 0;
        return start;
    } else {
        return codec_.decode(input);
    }
}

// The frame, or the piece, that was delivered last.
template <frame_codec Codec>
inline void basic_framed<Codec>::give_up(place at) noexcept {
    if (taken_ == 0) return;
#ifndef NDEBUG
    if (!connection_->pinned()) view_ledger::end(found_.generation(), at);
#endif
    connection_->consume(std::exchange(taken_, 0), at);
}

template <frame_codec Codec>
inline frame_view basic_framed<Codec>::deliver(bytes_view bytes,
                                               [[maybe_unused]] place at) noexcept {
#ifndef NDEBUG
    return frame_view{bytes, view_ledger::begin(at)};
#else
    return frame_view{bytes};
#endif
}

template <frame_codec Codec>
inline bool basic_framed<Codec>::find(wanted what, place at) noexcept {
    give_up(at);
    if (failure_ != errc{}) [[unlikely]]
        return true;
    if constexpr (piecewise_codec<Codec>) {
        if (what == wanted::piece) return find_piece(at);
        if (in_frame()) [[unlikely]] {
            if (!pass_over(at)) return false;
            if (failure_ != errc{}) return true;
        }
    }
    if constexpr (announcing_codec<Codec>) {
        if (what == wanted::size) return find_size();
    }
    return find_frame(at);
}

template <frame_codec Codec>
inline bool basic_framed<Codec>::find_frame(place at) noexcept {
    const decoded start = decode(at);
    if (start.is_incomplete()) return false;
    if (start.is_refused()) {
        refuse(start.reason());
        return true;
    }
    found_ = deliver(start.payload(), at);
    taken_ = start.consumed();
    frame_is_there();
    return true;
}

template <frame_codec Codec>
bool basic_framed<Codec>::find_size() noexcept
    requires announcing_codec<Codec>
{
    const announced next = codec_.announce(connection_->input());
    if (next.is_incomplete()) return false;
    if (next.is_refused()) {
        refuse(next.reason());
    } else {
        // The rest is waited for when it is asked for.
        frame_is_there();
    }
    return true;
}

template <frame_codec Codec>
bool basic_framed<Codec>::find_piece(place at) noexcept
    requires announcing_codec<Codec>
{
    if (left_ == 0) {
        if (!find_header()) return false;
        if (failure_ != errc{}) return true;
        // The empty frame.
        if (left_ == 0) {
            found_ = frame_view{};
            return true;
        }
    }
    const bytes_view input = connection_->input(at);
    if (input.empty()) return false;
    taken_ = std::min(left_, input.size());
    found_ = deliver(input.first(taken_), at);
    left_ -= taken_;
    if (left_ == 0) end_pieces();
    return true;
}

template <frame_codec Codec>
bool basic_framed<Codec>::find_header() noexcept
    requires announcing_codec<Codec>
{
    const announced next = codec_.announce(connection_->input());
    if (next.is_refused()) {
        refuse(next.reason());
        return true;
    }
    if (next.is_incomplete() || connection_->input().size() < next.skip()) return false;
    frame_is_there();
    connection_->consume(next.skip());
    left_ = next.length();
    if (left_ > 0) begin_pieces();
    return true;
}

// What may be the beginning of its end stays in the input.
template <frame_codec Codec>
bool basic_framed<Codec>::find_piece(place at) noexcept
    requires(!announcing_codec<Codec> && settling_codec<Codec>)
{
    const bytes_view input = connection_->input(at);
    const std::size_t seen = std::min(search_.seen, input.size());
    const decoded rest = codec_.behind(search_.taken).decode(input, seen);
    if (rest.is_frame()) {
        frame_is_there();
        found_ = deliver(rest.payload(), at);
        taken_ = rest.consumed();
        if (in_frame()) end_pieces();
        search_ = {};
        return true;
    }
    if (rest.is_refused()) {
        refuse(rest.reason());
        return true;
    }
    const std::size_t most = codec_.max_frame_length() - search_.taken;
    const std::size_t settled = std::min(codec_.settled(input), most);
    search_.seen = input.size() - settled;
    if (settled == 0) return false;
    frame_is_there();
    if (!in_frame()) begin_pieces();
    search_.taken += settled;
    found_ = deliver(input.first(settled), at);
    taken_ = settled;
    return true;
}

template <frame_codec Codec>
void basic_framed<Codec>::begin_pieces() noexcept {
    pace_ = piece_pace{options_};
    connection_->set_in_message(true);
}

template <frame_codec Codec>
void basic_framed<Codec>::end_pieces() noexcept {
    connection_->set_in_message(false);
    connection_->set_read_deadline(never);
}

// False where more of the frame that was begun must come before there is another one.
template <frame_codec Codec>
bool basic_framed<Codec>::pass_over(place at) noexcept
    requires piecewise_codec<Codec>
{
    while (in_frame()) {
        if (!find_piece(at)) return false;
        if (failure_ != errc{}) return true;
        give_up(at);
    }
    return true;
}

template <frame_codec Codec>
errc basic_framed<Codec>::end_of_input() noexcept {
    const bool between = !in_frame() && codec_.at_end(connection_->input()) == ending::clean;
    if (between) return errc::end_of_stream;
    return failure_ = errc::malformed;
}

// From the first byte of a frame to its last; of one in pieces, from one to the next.
template <frame_codec Codec>
inline void basic_framed<Codec>::limit_wait() noexcept {
    if (in_frame()) [[unlikely]] {
        received_before_ = connection_->received_bytes();
        connection_->set_read_deadline(pace_.wait_begins(connection_->loop().now()));
    } else if (!incomplete_ && !connection_->input().empty()) {
        incomplete_ = true;
        connection_->set_read_deadline(after(connection_->loop().now(), options_.frame_timeout));
    }
}

template <frame_codec Codec>
inline void basic_framed<Codec>::waited() noexcept {
    if (!in_frame()) [[likely]]
        return;
    const std::uint64_t brought = connection_->received_bytes() - received_before_;
    pace_.wait_ended(connection_->loop().now(), brought, options_);
}

template <frame_codec Codec>
void basic_framed<Codec>::input_awaiter::await_suspend(continuation then) noexcept {
    assert(!owner_->connection_->reading() && "one task reads");
    then_ = then;
    fill_->await_suspend(then_.through(*this));
}

template <frame_codec Codec>
bool basic_framed<Codec>::input_awaiter::advance() noexcept {
    if (env_->stop().requested()) {
        error_ = env_->stop().reason();
        return true;
    }
    while (!owner_->find(what_, place_)) {
        owner_->connection_->start_flush();
        owner_->limit_wait();
        fill_.emplace(*owner_->connection_, *env_);
        if (!fill_->await_ready()) return false;
        if (!filled()) return true;
    }
    error_ = owner_->failure_;
    return true;
}

// False where that is the end.
template <frame_codec Codec>
bool basic_framed<Codec>::input_awaiter::filled() noexcept {
    const auto outcome = fill_->await_resume();
    fill_.reset();
    if (outcome) {
        owner_->waited();
        return true;
    }
    error_ = outcome.error().code();
    if (error_ == errc::end_of_stream) error_ = owner_->end_of_input();
    return false;
}

template <frame_codec Codec>
std::coroutine_handle<> basic_framed<Codec>::input_awaiter::next() noexcept {
    if (!filled() || advance()) return then_.next();
    fill_->await_suspend(then_.through(*this));
    return std::noop_coroutine();
}

}  // namespace weir::inline v0::frame
