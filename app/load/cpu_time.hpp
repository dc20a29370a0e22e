// The CPU time that this process has used.
#pragma once

#include "weir/base/clock.hpp"

namespace weir::app {

struct cpu_time {
    duration user{};
    duration system{};

    duration total() const noexcept { return user + system; }
    static cpu_time now() noexcept;

    friend cpu_time operator-(const cpu_time& left, const cpu_time& right) noexcept {
        return {left.user - right.user, left.system - right.system};
    }
};

}  // namespace weir::app
