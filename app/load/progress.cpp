#include "app/load/progress.hpp"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

#include "app/load/units_text.hpp"

namespace weir::app {
namespace {

using namespace std::chrono_literals;

constexpr duration between_draws = 500ms;
constexpr std::size_t width = 24;

}  // namespace

progress::progress(const load_options& options, bool wanted) noexcept
    : options_{&options}, shown_{wanted && ::isatty(STDERR_FILENO) == 1} {}

void progress::show(const load_moment& now) {
    if (!shown_) return;
    if (now.since_begin < drawn_at_) drawn_at_ = {};  // the warm-up is over
    if (now.since_begin - drawn_at_ < between_draws) return;
    draw(now);
    drawn_at_ = now.since_begin;
}

void progress::draw(const load_moment& now) {
    const duration whole = now.warming_up ? options_->warm_up : options_->length;
    const double part = std::min(1.0, seconds(now.since_begin) / std::max(seconds(whole), 1e-9));
    const auto done = static_cast<std::size_t>(part * width);
    const std::string bar = std::string(done, '#') + std::string(width - done, '.');
    if (now.warming_up) {
        fmt::print(stderr, "\r\033[K[{}] warming up", bar);
        return;
    }
    const latency_histogram recent = now.counted->latencies().since(until_then_);
    until_then_ = now.counted->latencies();
    const double rate = static_cast<double>(recent.count()) / seconds(now.since_begin - drawn_at_);
    fmt::print(stderr, "\r\033[K[{}] {:.0f}/{:.0f} s  {:.0f}/s  p50 {}  p99 {}  errors {}", bar,
               seconds(now.since_begin), seconds(whole), rate, short_text(recent.percentile(50)),
               short_text(recent.percentile(99)), now.counted->errors());
}

void progress::clear() const {
    if (shown_) fmt::print(stderr, "\r\033[K");
}

}  // namespace weir::app
