#include "handler_call.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ratio>

namespace weir::inline v0::http {
namespace {

// What a handler may take before its peer is watched: longer than most, so that these cost nothing.
constexpr duration watched_after = std::chrono::milliseconds{100};

// When that is over. All who wait have the same few moments, so that a loop wakes twice a second
// for them, however many there are, and its alarm is seldom set.
time_point watched_from(time_point now) noexcept {
    using half_seconds = std::chrono::duration<std::int64_t, std::ratio<1, 2>>;
    return std::chrono::ceil<half_seconds>(after(now, watched_after));
}

// What a handler may take to end after it was stopped.
constexpr duration overdue_after = std::chrono::seconds{1};

}  // namespace

handler_call_awaiter::handler_call_awaiter(const handler_call& call,
                                           const environment& outer) noexcept
    : how_{*call.how_},
      request_{*call.request_},
      body_{*call.body_},
      share_{*call.share_},
      scheduler_{outer.scheduler()},
      node_{outer.stop(), after(outer.now(), call.share_->options().request_timeout)},
      env_{outer.scheduler(), node_} {
    body_.stops(&node_);
}

bool handler_call_awaiter::await_ready() {
    const auto& call = how_.call();
    if (const auto* waiting = std::get_if<handler::waiting>(&call)) {
        return start<plain>((*waiting)(request_));
    }
    return start<fallible>(std::get<handler::fallible>(call)(request_));
}

void handler_call_awaiter::await_suspend(continuation then) noexcept {
    // Answers to earlier requests need not wait for this one.
    body_.connection().start_flush();
    scheduler_.arm(*this, std::min(node_.deadline(), watched_from(scheduler_.now())));
    if (auto* running = std::get_if<plain>(&running_)) return running->await_suspend(then);
    std::get<fallible>(running_).await_suspend(then);
}

void handler_call_awaiter::on_expiry() noexcept {
    if (scheduler_.now() < node_.deadline()) return watch_peer();
    if (std::exchange(expired_, true)) return share_.overdue(request_);
    scheduler_.arm(*this, after(scheduler_.now(), overdue_after));
    node_.request(errc::timed_out);
}

void handler_call_awaiter::watch_peer() noexcept {
    if (node_.deadline() != never) scheduler_.arm(*this, node_.deadline());
    body_.connection().stop_at_reset(&node_);
}

void handler_call_awaiter::leave() noexcept {
    body_.stops(nullptr);
    body_.connection().stop_at_reset(nullptr);
}

result<response> handler_call_awaiter::await_resume() {
    timer::unlink();
    leave();
    if (auto* running = std::get_if<plain>(&running_)) return running->await_resume();
    return std::get<fallible>(running_).await_resume();
}

}  // namespace weir::inline v0::http
