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
    requires announcing_codec<Codec>
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
        const decoded start = codec_.decode(input, std::min(seen_, input.size()));
        seen_ = start.is_incomplete() ? input.size() : 0;
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
    if constexpr (announcing_codec<Codec>) {
        if (what == wanted::piece) return find_piece(at);
        if (!pass_over()) return false;
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
        if (!begin_pieces()) return false;
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
    pieces_taken(taken_);
    return true;
}

template <frame_codec Codec>
bool basic_framed<Codec>::begin_pieces() noexcept
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
    pace_ = piece_pace{options_};
    connection_->set_in_message(left_ > 0);
    return true;
}

template <frame_codec Codec>
void basic_framed<Codec>::pieces_taken(std::size_t bytes) noexcept {
    left_ -= bytes;
    if (left_ > 0) return;
    connection_->set_in_message(false);
    connection_->set_read_deadline(never);
}

// False where more of the frame that was begun must come before there is another one.
template <frame_codec Codec>
inline bool basic_framed<Codec>::pass_over() noexcept {
    if (left_ == 0) [[likely]]
        return true;
    const std::size_t part = std::min(left_, connection_->input().size());
    connection_->consume(part);
    pieces_taken(part);
    return left_ == 0;
}

template <frame_codec Codec>
errc basic_framed<Codec>::end_of_input() noexcept {
    const bool between = left_ == 0 && codec_.at_end(connection_->input()) == ending::clean;
    if (between) return errc::end_of_stream;
    return failure_ = errc::malformed;
}

// From the first byte of a frame to its last; of one in pieces, from one to the next.
template <frame_codec Codec>
inline void basic_framed<Codec>::limit_wait() noexcept {
    if (left_ > 0) [[unlikely]] {
        connection_->set_read_deadline(pace_.wait_begins(connection_->loop().now()));
    } else if (!incomplete_ && !connection_->input().empty()) {
        incomplete_ = true;
        connection_->set_read_deadline(after(connection_->loop().now(), options_.frame_timeout));
    }
}

// All that had come before was given out, so the input is what the wait has brought.
template <frame_codec Codec>
inline void basic_framed<Codec>::waited() noexcept {
    if (left_ == 0) [[likely]]
        return;
    pace_.wait_ended(connection_->loop().now(), connection_->input().size(), options_);
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
