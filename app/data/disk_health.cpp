#include "app/data/disk_health.hpp"

#include <utility>

namespace weir::app {

void disk_health::failed(disk_access kind, time_point now) noexcept {
    fails_until_[std::to_underlying(kind)] = after(now, failure_lasts);
}

void disk_health::succeeded(disk_access kind) noexcept {
    auto& until = fails_until_[std::to_underlying(kind)];
    if (until.load(std::memory_order_relaxed) != no_failure) until = no_failure;
}

result<> disk_health::check(time_point now) const {
    const bool reads_fail = fails(disk_access::read, now);
    const bool writes_fail = fails(disk_access::write, now);
    if (reads_fail && writes_fail)
        return fail(errc::storage, "the last read and the last write failed");
    if (reads_fail) return fail(errc::storage, "the last read failed");
    if (writes_fail) return fail(errc::storage, "the last write failed");
    return {};
}

bool disk_health::fails(disk_access kind, time_point now) const noexcept {
    return now < fails_until_[std::to_underlying(kind)].load();
}

}  // namespace weir::app
