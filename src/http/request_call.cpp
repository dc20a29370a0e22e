#include "request_call.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ratio>
#include <utility>

#include "loop_share.hpp"

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

request_call::request_call(exchange& current, loop_share& share, const environment& outer,
                           const terms& granted) noexcept
    : request_{current.request},
      body_{current.body},
      share_{share},
      scheduler_{outer.scheduler()},
      node_{outer.stop(), granted.node_until},
      env_{outer, node_, current.whose()},
      until_{std::min(granted.until, node_.deadline())},
      wants_body_{granted.wants_body} {
    body_.stops(&node_);
}

void request_call::waits() noexcept {
    // Answers to earlier requests need not wait for this one.
    body_.connection().start_flush();
    scheduler_.arm(*this, std::min(until_, watched_from(scheduler_.now())));
}

void request_call::on_expiry() noexcept {
    if (scheduler_.now() < until_) return look_at_peer();
    if (std::exchange(expired_, true)) return share_.overdue(request_, body_.connection());
    scheduler_.arm(*this, after(scheduler_.now(), overdue_after));
    node_.request(errc::timed_out);
}

// A reset is told; an end amid a body that nobody reads has to be looked for.
void request_call::look_at_peer() noexcept {
    const bool may_end_early = wants_body_ && body_.awaits_more();
    const time_point next =
        may_end_early ? std::min(until_, watched_from(scheduler_.now())) : until_;
    if (next != never) scheduler_.arm(*this, next);
    if (!std::exchange(watches_, true)) body_.connection().stop_at_reset(&node_);
    if (may_end_early) body_.notice_end();
}

// Moving it away costs no timer operation.
void request_call::move_until(time_point until) noexcept {
    until_ = std::min(until, node_.deadline());
    if (!expired_ && !timer::linked() && until_ != never) scheduler_.arm(*this, until_);
}

void request_call::ended() noexcept {
    timer::unlink();
    leave();
}

void request_call::leave() noexcept {
    body_.stops(nullptr);
    if (std::exchange(watches_, false)) body_.connection().stop_at_reset(nullptr);
}

}  // namespace weir::inline v0::http
