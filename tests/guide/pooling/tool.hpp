// What the pools of this folder lend, and what is done with it.
#pragma once

#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"

namespace guide::pooling {

struct tool {
    bool broken = false;
};

using job = weir::task<weir::result<>> (*)(tool* with);

inline weir::task<weir::result<>> work(tool* with) {
    co_await weir::or_return(weir::sleep(std::chrono::milliseconds{10}));
    if (with->broken) co_return weir::fail(weir::errc::reset);
    co_return weir::result<>{};
}

inline weir::task<weir::result<>> work_that_fails(tool*) {
    co_await weir::or_return(weir::sleep(std::chrono::milliseconds{10}));
    co_return weir::fail(weir::errc::conflict);
}

inline weir::task<weir::result<>> break_it(tool* with) {
    with->broken = true;
    co_return weir::result<>{};
}

}  // namespace guide::pooling
