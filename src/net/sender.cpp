#include "weir/net/sender.hpp"

#include <algorithm>

#include "weir/net/connection.hpp"
#include "weir/task/frame_pool.hpp"

namespace weir::inline v0::net {

void* sender::operator new(std::size_t size) { return frame_pool::allocate(size); }
void sender::operator delete(void* memory, std::size_t size) noexcept {
    frame_pool::release(memory, size);
}

sender::sender(connection& of) noexcept
    : send_op{std::span<io::piece>{}},
      of_{&of},
      output_{of.loop_->blocks(), of.options_->output_limit} {}

sender::~sender() {
    if (sending_) of_->transport_->abandon(*this);
}

void sender::start() noexcept {
    runnable::unlink();
    if (sending_ || of_->broken() != errc{} || output_.empty()) return;
    begin_round();
    send_on();
}

void sender::start_soon() noexcept {
    if (!sending_ && !runnable::linked()) of_->loop_->scheduler().schedule(*this);
}

void sender::send_on() noexcept {
    do {
        set_status(errc{});
        const auto pieces = output_.seal_first();
        if (of_->traced()) show(pieces);
        set_pieces(pieces);
        set_awaited(!waiting_.empty() || output_.size() > output_.first_size());
        sending_ = true;
        if (!of_->transport_->start(*this)) return;
        sending_ = false;
    } while (chunk_ended());
    of_->all_sent();
}

void sender::show(std::span<const io::piece> pieces) const noexcept {
    for (const io::piece& each : pieces) {
        if (!of_->traced()) return;
        of_->tracer_->sending({static_cast<const std::byte*>(each.data), each.size});
    }
}

void sender::on_complete() noexcept {
    sending_ = false;
    if (chunk_ended()) return send_on();
    of_->all_sent();
}

// True where there is another one to send.
bool sender::chunk_ended() noexcept {
    if (status() != errc{}) {
        of_->break_off(status());
        return false;
    }
    of_->count_sent(output_.drop_first());
    while (!waiting_.empty() && waiting_.front().target_ <= of_->sent_) {
        waiting_.try_pop_front()->end(errc{});
    }
    if (output_.empty()) return false;
    if (of_->sent_ >= round_end_) begin_round();
    return true;
}

void sender::begin_round() noexcept {
    round_end_ = of_->written();
    begin_window();
}

void sender::begin_window() noexcept {
    window_begin_ = taken();
    deadline_ = after(of_->loop_->now(), of_->options_->write_timeout);
    of_->watch(deadline_);
}

// What a window must bring at least; a round that is smaller than that has to end in it.
bool sender::fast_enough() const noexcept {
    const std::chrono::duration<double> window = of_->options_->write_timeout;
    const double least = static_cast<double>(of_->options_->min_send_rate) * window.count();
    return static_cast<double>(taken() - window_begin_) >= std::max(1.0, least);
}

std::uint64_t sender::taken() const noexcept {
    if (!sending_) return of_->sent_;
    std::uint64_t left = 0;
    for (const io::piece& each : pieces()) left += each.size;
    return of_->sent_ + output_.first_size() - left;
}

void sender::check_pace() noexcept {
    if (!sending_) return;
    if (deadline_ > of_->loop_->now()) return of_->watch(deadline_);
    if (!fast_enough()) return of_->break_off(errc::timed_out);
    begin_window();
}

void sender::stop(errc why) noexcept {
    runnable::unlink();
    if (sending_) of_->transport_->abandon(*this);
    sending_ = false;
    output_.clear();
    while (sent_awaiter* waiting = waiting_.try_pop_front()) waiting->end(why);
}

sent_awaiter::~sent_awaiter() {
    if (!list_hook<sent_awaiter>::linked()) return;
    list_hook<sent_awaiter>::unlink();
    of_->waiter_leaves(errc::canceled);
}

bool sent_awaiter::await_ready() noexcept {
    if (stopped()) {
        status_ = stop_reason();
        of_->waiter_leaves(status_);
        of_->start_flush();
        return true;
    }
    target_ = of_->written();
    of_->start_flush();
    status_ = of_->broken();
    return failed() || of_->sent_ >= target_;
}

void sent_awaiter::await_suspend(continuation then) noexcept {
    of_->sender_->waiting_.push_back(*this);
    of_->sender_->set_awaited(true);
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
    of_->waiter_leaves(reason);
    end(reason);
}

}  // namespace weir::inline v0::net
