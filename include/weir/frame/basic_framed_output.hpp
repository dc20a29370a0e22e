// The definitions of basic_framed that send, which a codec of the user's own needs.
#pragma once

#include "weir/frame/basic_framed.hpp"

namespace weir::inline v0::frame {

template <frame_codec Codec>
auto basic_framed<Codec>::send(bytes_view payload) noexcept -> send_operand {
    return send_operand{*this, payload};
}

template <frame_codec Codec>
result<> basic_framed<Codec>::write(bytes_view payload) noexcept {
    const errc outcome = put(payload, true);
    if (outcome != errc{}) return fail(outcome);
    return {};
}

template <frame_codec Codec>
errc basic_framed<Codec>::put(bytes_view payload, bool copy) noexcept {
    net::connection& to = *connection_;
    if (to.broken() != errc{}) return to.broken();
    header_buffer memory;
    const auto around = codec_.encode(payload, memory);
    if (!around) return around.error().code();
    const bytes_view header = around->header();
    const bytes_view trailer = around->trailer();
    // What is lent may go beyond the limit, unless something is to be copied behind it.
    const bool bounded = copy || !trailer.empty();
    const std::size_t least = bounded ? payload.size() : 1;
    if (header.size() + least + trailer.size() > to.room()) return errc::overloaded;
    const std::size_t before = to.unsent();
    try {
        if (!header.empty()) to.write(header);
        copy ? to.write(payload) : to.write_view(payload);
        if (!trailer.empty()) to.write(trailer);
    } catch (const std::bad_alloc&) {
        // A part of a frame would make a frame of whatever comes next.
        if (to.unsent() != before) to.abort();
        return errc::out_of_memory;
    }
    return {};
}

template <frame_codec Codec>
void basic_framed<Codec>::send_awaiter::await_suspend(continuation then) noexcept {
    then_ = then;
    flush_->await_suspend(then_.through(*this));
}

template <frame_codec Codec>
result<> basic_framed<Codec>::send_awaiter::await_resume() noexcept {
    if (failed()) return fail(error_);
    return {};
}

template <frame_codec Codec>
bool basic_framed<Codec>::send_awaiter::advance() noexcept {
    while (!written()) {
        flush_.emplace(*owner_->connection_, *env_);
        if (!flush_->await_ready()) return false;
        if (!flushed()) return true;
    }
    return true;
}

// True where nothing is left to wait for.
template <frame_codec Codec>
bool basic_framed<Codec>::send_awaiter::written() noexcept {
    if (lent_) return true;
    if (env_->stop().requested()) {
        error_ = env_->stop().reason();
        return true;
    }
    if (owner_->at_high_water()) return false;
    const bool copy = is_small(payload_);
    const errc outcome = owner_->put(payload_, copy);
    if (outcome == errc::overloaded && owner_->connection_->unsent() > 0) return false;
    error_ = outcome;
    lent_ = !failed() && !copy;
    if (!lent_) owner_->connection_->flush_soon();
    return !lent_;
}

// False where that is the end.
template <frame_codec Codec>
bool basic_framed<Codec>::send_awaiter::flushed() noexcept {
    const auto outcome = flush_->await_resume();
    flush_.reset();
    if (outcome) return true;
    error_ = outcome.error().code();
    return false;
}

template <frame_codec Codec>
std::coroutine_handle<> basic_framed<Codec>::send_awaiter::next() noexcept {
    if (!flushed() || advance()) return then_.next();
    flush_->await_suspend(then_.through(*this));
    return std::noop_coroutine();
}

}  // namespace weir::inline v0::frame
