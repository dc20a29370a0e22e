#include "app/load/cpu_time.hpp"

#include <sys/resource.h>

namespace weir::app {
namespace {

duration as_duration(const timeval& time) noexcept {
    return std::chrono::seconds{time.tv_sec} + std::chrono::microseconds{time.tv_usec};
}

}  // namespace

cpu_time cpu_time::now() noexcept {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return {as_duration(used.ru_utime), as_duration(used.ru_stime)};
}

}  // namespace weir::app
