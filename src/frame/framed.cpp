#include "weir/frame/framed.hpp"

#include <new>
#include <utility>

namespace weir::inline v0::frame {

framed::framed(net::connection& connection, const codec_options& protocol,
               const framed_options& options)
    : connection_{&connection}, codec_{protocol}, options_{options} {}

bool framed::find_next() noexcept {
    if (taken_ > 0) connection_->consume(std::exchange(taken_, 0));
    if (failure_ != errc{}) return true;
    const decoded start = codec_.decode(connection_->input());
    if (start.is_incomplete()) return false;
    if (start.is_refused()) {
        failure_ = start.reason();
        return true;
    }
    found_ = frame_view{start.payload()};
    taken_ = start.consumed();
    if (std::exchange(incomplete_, false)) connection_->set_read_deadline(never);
    return true;
}

errc framed::end_of_input() noexcept {
    if (codec_.at_end(connection_->input()) == ending::clean) return errc::end_of_stream;
    return failure_ = errc::malformed;
}

// From the first byte of a frame to its last.
void framed::limit_wait() noexcept {
    if (incomplete_ || connection_->input().empty()) return;
    incomplete_ = true;
    connection_->set_read_deadline(after(connection_->loop().now(), options_.frame_timeout));
}

result<> framed::write(bytes_view payload) noexcept {
    const errc outcome = put(payload, true);
    if (outcome != errc{}) return fail(outcome);
    return {};
}

errc framed::put(bytes_view payload, bool copy) noexcept {
    net::connection& to = *connection_;
    if (to.broken() != errc{}) return to.broken();
    header_buffer memory;
    const auto header = codec_.encode_header(payload.size(), memory);
    if (!header) return header.error().code();
    // Of what is lent, one byte must fit behind the header.
    if (header->size() + (copy ? payload.size() : 1) > to.room()) return errc::overloaded;
    const std::size_t before = to.unsent();
    try {
        to.write(*header);
        copy ? to.write(payload) : to.write_view(payload);
    } catch (const std::bad_alloc&) {
        // A header without its payload would make a frame of whatever comes next.
        if (to.unsent() != before) to.abort();
        return errc::out_of_memory;
    }
    return {};
}

void framed::next_awaiter::await_suspend(continuation then) noexcept {
    then_ = then;
    fill_->await_suspend(then_.through(*this));
}

result<frame_view> framed::next_awaiter::await_resume() noexcept {
    if (failed()) return fail(error_);
    return owner_->found_;
}

bool framed::next_awaiter::advance() noexcept {
    if (env_->stop().requested()) {
        error_ = env_->stop().reason();
        return true;
    }
    while (!owner_->find_next()) {
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
bool framed::next_awaiter::filled() noexcept {
    const auto outcome = fill_->await_resume();
    fill_.reset();
    if (outcome) return true;
    error_ = outcome.error().code();
    if (error_ == errc::end_of_stream) error_ = owner_->end_of_input();
    return false;
}

std::coroutine_handle<> framed::next_awaiter::next() noexcept {
    if (!filled() || advance()) return then_.next();
    fill_->await_suspend(then_.through(*this));
    return std::noop_coroutine();
}

void framed::send_awaiter::await_suspend(continuation then) noexcept {
    then_ = then;
    flush_->await_suspend(then_.through(*this));
}

result<> framed::send_awaiter::await_resume() noexcept {
    if (failed()) return fail(error_);
    return {};
}

bool framed::send_awaiter::advance() noexcept {
    while (!written()) {
        flush_.emplace(*owner_->connection_, *env_);
        if (!flush_->await_ready()) return false;
        if (!flushed()) return true;
    }
    return true;
}

// True where nothing is left to wait for.
bool framed::send_awaiter::written() noexcept {
    if (lent_) return true;
    if (env_->stop().requested()) {
        error_ = env_->stop().reason();
        return true;
    }
    if (owner_->at_high_water()) return false;
    const bool copy = framed::is_small(payload_);
    const errc outcome = owner_->put(payload_, copy);
    if (outcome == errc::overloaded && owner_->connection_->unsent() > 0) return false;
    error_ = outcome;
    lent_ = !failed() && !copy;
    if (!lent_) owner_->connection_->flush_soon();
    return !lent_;
}

// False where that is the end.
bool framed::send_awaiter::flushed() noexcept {
    const auto outcome = flush_->await_resume();
    flush_.reset();
    if (outcome) return true;
    error_ = outcome.error().code();
    return false;
}

std::coroutine_handle<> framed::send_awaiter::next() noexcept {
    if (!flushed() || advance()) return then_.next();
    flush_->await_suspend(then_.through(*this));
    return std::noop_coroutine();
}

}  // namespace weir::inline v0::frame
