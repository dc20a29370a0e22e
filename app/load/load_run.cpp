#include "app/load/load_run.hpp"

#include <algorithm>
#include <limits>

#include "weir/task/sleep.hpp"

namespace weir::app {
namespace {

using namespace std::chrono_literals;

constexpr duration between_looks = 100ms;
// Timers have a resolution of 1 ms, and may be as late.
constexpr duration too_near_for_a_timer = 2ms;
constexpr duration before_due = 1ms;

}  // namespace

load_run::load_run(io::loop& loop, const load_options& options, script& script)
    : loop_{&loop}, options_{&options}, scope_{loop.env(), [](const error&) {}} {
    connection_.idle_timeout = options.timeout;
    connection_.write_timeout = options.timeout;
    // Bounded all the same: by the requests in flight.
    connection_.output_limit = std::numeric_limits<std::size_t>::max();
    caller::owner& self = *this;
    for (std::size_t i = 0; i < options.connections; ++i)
        callers_.push_back(std::make_unique<caller>(self, script));
}

load_run::~load_run() = default;

task<> load_run::carry_out(watcher watch, boundary at_boundary) {
    watch_ = std::move(watch);
    const time_point start = now();
    if (options_->rate > 0) schedule_.emplace(start, options_->rate);
    for (const auto& each : callers_) scope_.spawn(each->run());
    bool goes_on = co_await watch_until(after(start, options_->warm_up));
    at_boundary();
    phase_ = phase::counting;
    counted_from_ = now();
    if (goes_on) goes_on = co_await watch_until(after(counted_from_, options_->length));
    const time_point end = now();
    measured_ = end - counted_from_;
    phase_ = phase::answering;
    if (schedule_) schedule_->end_at(end);
    at_boundary();
    if (schedule_) counted_.unsent(schedule_->left());
    if (schedule_ && goes_on) co_await answer_rest();
    phase_ = phase::over;
    scope_.request_stop();
    co_await scope_.join();
}

// False where the watcher does not want more.
task<bool> load_run::watch_until(time_point end) {
    const time_point begin = now();
    for (time_point at = begin; at < end; at = now()) {
        const duration look = std::min<duration>(between_looks, end - at);
        if (auto slept = co_await sleep(look); !slept) co_return false;
        load_moment moment;
        moment.warming_up = phase_ == phase::warming_up;
        moment.since_begin = now() - begin;
        moment.counted = &counted_;
        if (!watch_(moment)) co_return false;
    }
    co_return true;
}

// What was due is answered, or times out: nothing that was slow is left out.
task<> load_run::answer_rest() {
    const time_point end = after(now(), options_->timeout + between_looks);
    while (now() < end) {
        const bool waits =
            std::ranges::any_of(callers_, [](const auto& each) { return each->in_flight() > 0; });
        if (!waits || !co_await sleep(1ms)) co_return;
    }
}

std::optional<time_point> load_run::next_due(time_point now) noexcept {
    if (!schedule_) return now;
    if (!schedule_->due(now)) return std::nullopt;
    return schedule_->take();
}

void load_run::idle(caller& who) noexcept {
    idle_.push_back(who);
    if (!runnable::linked() && !timer::armed()) loop_->scheduler().schedule(*this);
}

// What is due goes to those that have been idle the longest. Where nobody is, those that get an
// answer take what is due.
void load_run::send_due() noexcept {
    const time_point at = now();
    while (!idle_.empty() && schedule_->due(at)) {
        caller& next = *idle_.try_pop_front();
        next.send_at_once(schedule_->take(), at);
        if (next.has_room()) idle_.push_back(next);
    }
    const time_point due = schedule_->next();
    if (idle_.empty() || due == never) return;
    const duration left = due - at;
    if (options_->spins && left < too_near_for_a_timer) return loop_->scheduler().schedule(*this);
    loop_->scheduler().arm(*this, after(loop_->now(), options_->spins ? left - before_due : left));
}

bool load_run::counts(const caller::sent& request) const noexcept {
    if (schedule_) return request.due >= counted_from_;
    return phase_ == phase::counting;
}

void load_run::answered(const caller::sent& request, time_point now, const heard& answer) {
    if (!counts(request)) return;
    counted_.answered(now - request.due, answer.bytes);
    if (!answer.refusal.empty()) counted_.refused(answer.refusal);
}

void load_run::failed(failure why, std::uint64_t requests) noexcept {
    if (phase_ == phase::counting || phase_ == phase::answering) counted_.failed(why, requests);
}

}  // namespace weir::app
