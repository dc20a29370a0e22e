#include "weir/net/sender.hpp"

#include <algorithm>

namespace weir::inline v0::net {

sender::sender(io::transport& transport, io::loop& loop, const connection_options& options,
               owner& owner) noexcept
    : send_op{std::span<io::piece>{}},
      transport_{&transport},
      loop_{&loop},
      options_{&options},
      owner_{&owner},
      output_{loop.blocks(), options.output_limit} {}

sender::~sender() {
    if (sending_) transport_->abandon(*this);
}

void sender::start() noexcept {
    runnable::unlink();
    if (sending_ || broken_ != errc{} || output_.empty()) return;
    begin_round();
    send_on();
}

void sender::start_soon() noexcept {
    if (!sending_ && !runnable::linked()) loop_->scheduler().schedule(*this);
}

void sender::send_on() noexcept {
    do {
        set_status(errc{});
        const auto pieces = output_.seal_first();
        if (tracer_ != nullptr) show(pieces);
        set_pieces(pieces);
        set_awaited(!waiting_.empty() || output_.size() > output_.first_size());
        sending_ = true;
        if (!transport_->start(*this)) return;
        sending_ = false;
    } while (chunk_ended());
}

void sender::show(std::span<const io::piece> pieces) const noexcept {
    for (const io::piece& each : pieces) {
        tracer_->sending({static_cast<const std::byte*>(each.data), each.size});
    }
}

void sender::on_complete() noexcept {
    sending_ = false;
    if (chunk_ended()) send_on();
}

// True where there is another one to send.
bool sender::chunk_ended() noexcept {
    if (status() != errc{}) {
        stop(status());
        return false;
    }
    const std::size_t bytes = output_.drop_first();
    sent_ += bytes;
    counter_.add(bytes);
    while (!waiting_.empty() && waiting_.front().target_ <= sent_) {
        waiting_.try_pop_front()->end(errc{});
    }
    if (output_.empty()) return false;
    if (sent_ >= round_end_) begin_round();
    return true;
}

void sender::begin_round() noexcept {
    round_end_ = written();
    begin_window();
}

void sender::begin_window() noexcept {
    window_begin_ = taken();
    deadline_ = after(loop_->now(), options_->write_timeout);
    watch();
}

// What a window must bring at least; a round that is smaller than that has to end in it.
bool sender::fast_enough() const noexcept {
    const std::chrono::duration<double> window = options_->write_timeout;
    const double least = static_cast<double>(options_->min_send_rate) * window.count();
    return static_cast<double>(taken() - window_begin_) >= std::max(1.0, least);
}

std::uint64_t sender::taken() const noexcept {
    if (!sending_) return sent_;
    std::uint64_t left = 0;
    for (const io::piece& each : pieces()) left += each.size;
    return sent_ + output_.first_size() - left;
}

// Armed lazily: moving the deadline costs no timer operation.
void sender::watch() noexcept {
    if (deadline_ >= watched_) return;
    watched_ = deadline_;
    loop_->scheduler().arm(*this, deadline_);
}

void sender::on_expiry() noexcept {
    watched_ = never;
    if (!sending_) return;
    if (deadline_ > loop_->now()) return watch();
    if (!fast_enough()) return stop(errc::timed_out);
    begin_window();
}

void sender::stop(errc why) noexcept {
    if (broken_ != errc{}) return;
    broken_ = why;
    runnable::unlink();
    if (sending_) transport_->abandon(*this);
    sending_ = false;
    output_.clear();
    while (sent_awaiter* waiting = waiting_.try_pop_front()) waiting->end(why);
    owner_->sending_failed(why);
}

void sender::leave(errc why) noexcept {
    if (output_.has_views()) stop(why);
}

sent_awaiter::~sent_awaiter() {
    if (!list_hook<sent_awaiter>::linked()) return;
    list_hook<sent_awaiter>::unlink();
    from_->leave(errc::canceled);
}

bool sent_awaiter::await_ready() noexcept {
    if (stopped()) {
        status_ = stop_reason();
        from_->leave(status_);
        from_->start();
        return true;
    }
    target_ = from_->written();
    from_->start();
    status_ = from_->broken();
    return failed() || from_->sent() >= target_;
}

void sent_awaiter::await_suspend(continuation then) noexcept {
    from_->waiting_.push_back(*this);
    from_->set_awaited(true);
    park(then);
}

result<> sent_awaiter::await_resume() noexcept {
    if (failed()) return fail(status_);
    return {};
}

void sent_awaiter::end(errc status) noexcept {
    status_ = status;
    wake();
}

void sent_awaiter::on_stop(errc reason) noexcept {
    list_hook<sent_awaiter>::unlink();
    from_->leave(reason);
    end(reason);
}

}  // namespace weir::inline v0::net
