#include "weir/net/connection.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"

#include "receive_pace.hpp"
#include "reset_watch.hpp"

namespace weir::inline v0::net {
namespace {

using namespace std::chrono_literals;

// How much, and for how long, a closing connection listens to a peer that still talks.
constexpr std::size_t linger_bytes = std::size_t{64} * 1024;
constexpr duration linger_time = 1s;
// What a peer gets to send one more request when the service ends.
constexpr duration drain_grace = 1s;

}  // namespace

connection::connection(std::unique_ptr<io::transport> transport, io::loop& loop,
                       const connection_options& options, const traffic& traffic) noexcept
    : transport_{std::move(transport)}, loop_{&loop}, options_{&options}, traffic_{&traffic} {}

connection::~connection() = default;

void connection::make_sender() { sender_ = std::make_unique<sender>(*this); }

errc connection::unreadable() const noexcept {
    if (lifecycle_.now() == lifecycle::state::closed) return broken_;
    if (evicted_) return errc::overloaded;
    if (read_deadline_ <= loop_->now()) return errc::timed_out;
    return {};
}

void connection::begin_reading(fill_awaiter& reader) noexcept {
    reading_ = &reader;
    release_sender();
    list_memory();
    fill_until_ =
        read_deadline_ != never ? read_deadline_ : after(loop_->now(), options_->idle_timeout);
    if (draining() && between_messages()) {
        fill_until_ = std::min(fill_until_, after(loop_->now(), drain_grace));
    }
    if (options_->min_receive_rate != 0) keep_pace();
    watch(fill_until_);
}

// Where there is no memory to keep it, this wait is as long as any.
void connection::keep_pace() noexcept {
    if (between_messages()) {
        pace_.reset();
    } else if (!pace_) {
        pace_.reset(new (std::nothrow) receive_pace{*options_, received_});
    }
    if (pace_) fill_until_ = pace_->wait_begins(loop_->now(), fill_until_);
}

// Where the next receive goes. What a message needs beyond the loop's budget, the oldest incomplete
// ones give up until there is enough, or until it is itself the oldest.
result<bytes_span> connection::receive_room() noexcept {
    auto found = input_.prepare(options_->input_limit, loop_->assemblies());
    while (!found && found.error() == errc::overloaded && !evicted_) {
        evict_for_assembly();
        found = input_.prepare(options_->input_limit, loop_->assemblies());
    }
    unlist_memory();
    return found;
}

void connection::evict_for_assembly() noexcept {
    if (!io::memory_holder::linked() || !assembled_) {
        io::memory_holder::unlink();
        assembled_ = true;
        loop_->assemblies().hold(*this);
    }
    loop_->assemblies().evict_oldest();
    if (evicted_) input_.clear();
}

// An incomplete message is listed with the memory that it holds, and one that holds none is nothing
// to give up.
void connection::list_memory() noexcept {
    if (io::memory_holder::linked()) return;
    assembled_ = input_.is_assembled();
    if (assembled_) {
        loop_->assemblies().hold(*this);
    } else if (input_.holds_slab()) {
        loop_->slabs().hold(*this);
    }
}

void connection::unlist_memory() noexcept {
    const bool held = assembled_ ? input_.is_assembled() : input_.holds_slab();
    if (!held) io::memory_holder::unlink();
}

void connection::drain() noexcept {
    lifecycle_.on(lifecycle::event::drain_began);
    if (reading_ != nullptr && between_messages()) {
        fill_until_ = std::min(fill_until_, after(loop_->now(), drain_grace));
        watch(fill_until_);
    }
    if (auto* watcher = std::exchange(drain_watcher_, nullptr)) watcher->wake();
}

void connection::end_reading() noexcept {
    if (pace_) pace_->wait_ended(loop_->now());
    reading_ = nullptr;
    fill_until_ = never;
}

void connection::reading_failed(errc why) noexcept {
    end_reading();
    if (why == errc::end_of_stream) lifecycle_.on(lifecycle::event::peer_ended);
    if (why == errc::reset) break_off(why);
}

void connection::stop_reading(errc why) noexcept {
    if (reading_ != nullptr) reading_->give_up(why);
}

void connection::watch(time_point deadline) noexcept {
    if (deadline >= watched_) return;
    watched_ = deadline;
    loop_->scheduler().arm(*this, deadline);
}

void connection::on_expiry() noexcept {
    watched_ = never;
    check_reading();
    if (sender_) sender_->check_pace();
}

void connection::check_reading() noexcept {
    if (fill_until_ > loop_->now()) return watch(fill_until_);
    if (pace_) fill_until_ = pace_->look(loop_->now(), received_, *options_);
    if (fill_until_ > loop_->now()) return watch(fill_until_);
    fill_until_ = never;
    reading_->interrupt(errc::timed_out);
}

void connection::evict() noexcept {
    evicted_ = true;
    (assembled_ ? traffic_->evicted_assemblies : traffic_->evicted_slabs).add();
    if (reading_ == nullptr) return;
    if (!assembled_) return reading_->interrupt(errc::overloaded);
    // Whoever needs the memory needs it now.
    reading_->give_up(errc::overloaded);
    input_.clear();
}

void connection::all_sent() noexcept {
    if (reading_ != nullptr) release_sender();
}

// Where it waits for more to read, it may be idle for long.
void connection::release_sender() noexcept {
    if (sender_ && sender_->done()) sender_.reset();
}

void connection::waiter_leaves(errc why) noexcept {
    if (sender_ && sender_->output().has_views()) break_off(why);
}

void connection::break_off(errc why) noexcept {
    if (broken_ != errc{}) return;
    broken_ = why;
    if (sender_) sender_->stop(why);
    sending_failed(why);
}

void connection::sending_failed(errc why) noexcept {
    lifecycle_.on(lifecycle::event::over);
    transport_->abort();
    if (reading_ != nullptr) reading_->interrupt(why);
    if (why == errc::reset && reset_watch_) reset_watch_->broken();
}

void connection::stop_at_reset(stop_node* work) noexcept {
    if (work != nullptr && !reset_watch_) {
        reset_watch_.reset(new (std::nothrow) reset_watch{*this});
    }
    if (reset_watch_) reset_watch_->stops(work);
}

void connection::abort() noexcept {
    break_off(errc::closed);
    // Who has said all has no sender any more that would tell.
    if (lifecycle_.now() != lifecycle::state::closed) sending_failed(errc::closed);
}

task<> connection::close() {
    auto sent = co_await flush();
    if (!sent) co_return;
    reset_watch_.reset();
    transport_->shutdown();
    broken_ = errc::closed;
    lifecycle_.on(lifecycle::event::shut_down);
    const std::size_t enough = received_ + linger_bytes;
    set_read_deadline(after(loop_->now(), linger_time));
    do {
        consume(input_.size());
    } while (received_ < enough && co_await fill());
    lifecycle_.on(lifecycle::event::over);
}

bool connection::drained_awaiter::await_ready() noexcept {
    if (stopped()) reason_ = stop_reason();
    return stopped() || owner_->draining();
}

void connection::drained_awaiter::await_suspend(continuation then) noexcept {
    owner_->drain_watcher_ = this;
    park(then);
}

result<> connection::drained_awaiter::await_resume() noexcept {
    if (failed()) return fail(reason_);
    return {};
}

void connection::drained_awaiter::on_stop(errc reason) noexcept {
    owner_->drain_watcher_ = nullptr;
    reason_ = reason;
    wake();
}

connection::fill_awaiter::fill_awaiter(connection& owner, result<bytes_span> place,
                                       const environment& env) noexcept
    : base{*owner.transport_, env, place ? *place : bytes_span{}}, owner_{&owner} {
    set_status(place ? owner.unreadable() : place.error().code());
}

bool connection::fill_awaiter::await_ready() noexcept {
    if (!failed() && !base::await_ready()) return false;
    owner_->loop_->scheduler().did_at_once();
    return true;
}

void connection::fill_awaiter::await_suspend(continuation then) noexcept {
    base::await_suspend(then);
    owner_->begin_reading(*this);
}

result<> connection::fill_awaiter::await_resume() noexcept {
    if (failed()) return fail(take_error());
    owner_->received_ += size();
    owner_->traffic_->received_bytes.add(size());
    if (io::slab slab = take_slab()) {
        owner_->input_.arrived(std::move(slab), size());
    } else {
        owner_->input_.arrived(size());
    }
    if (owner_->traced()) {
        owner_->tracer_->received(owner_->input().last(size()));
    }
    return {};
}

}  // namespace weir::inline v0::net
