#include "watchdog.hpp"

#include "weir/task/sleep.hpp"

namespace weir::inline v0 {

task<> watchdog::run() {
    const duration interval = service_.watched_by.watchdog() / 2;
    if (!service_.watched_by || interval == duration{}) co_return;
    result<> slept;
    do {
        if (!service_.turning->stalled()) {
            // One that is lost is made up for by the next.
            (void)service_.watched_by.try_tell("WATCHDOG=1");
        }
        slept = co_await sleep(interval);
    } while (slept);
}

}  // namespace weir::inline v0
