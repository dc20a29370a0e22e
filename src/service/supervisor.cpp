#include "supervisor.hpp"

#include <algorithm>
#include <utility>

#include "weir/io/local_message.hpp"
#include "weir/task/sleep.hpp"

#include "process_environment.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;

constexpr duration retry_after = 20ms;
constexpr int most_tries = supervisor::longest_telling / retry_after;

constexpr std::uint64_t day_us = std::chrono::microseconds{24h}.count();

std::uint64_t watchdog_of_this_process() {
    const auto meant_for = environment_number("WATCHDOG_PID");
    if (meant_for && *meant_for != own_process()) return 0;
    return environment_number("WATCHDOG_USEC").value_or(0);
}

}  // namespace

supervisor::supervisor(std::string socket, std::uint64_t watchdog_us) noexcept
    : socket_{std::move(socket)},
      watchdog_{std::chrono::microseconds{std::min(watchdog_us, day_us)}} {}

supervisor supervisor::of_this_process() {
    return {environment_text("NOTIFY_SOCKET"), watchdog_of_this_process()};
}

void supervisor::complete_by(const supervisor& other) {
    if (socket_.empty()) socket_ = other.socket_;
    if (watchdog_ == duration{}) watchdog_ = other.watchdog_;
}

result<> supervisor::try_tell(std::string_view lines) const {
    if (socket_.empty()) return {};
    return io::send_datagram(socket_, lines);
}

task<result<>> supervisor::tell(std::string lines) const {
    result<> told = try_tell(lines);
    for (int tries = 1; !told && told.error() == errc::unavailable && tries < most_tries; ++tries) {
        const auto slept = co_await sleep(retry_after);
        if (!slept) break;
        told = try_tell(lines);
    }
    co_return std::move(told);
}

}  // namespace weir::inline v0
