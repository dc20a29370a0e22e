// Jobs that take a while, and how many of them ran at one time.
#pragma once

#include <algorithm>

#include "weir/task/sleep.hpp"

namespace guide::backpressure {

class load {
public:
    weir::task<> job() {
        most = std::max(most, ++running_);
        (void)co_await weir::sleep(std::chrono::milliseconds{10});
        --running_;
        ++done;
    }

    int done = 0;
    int most = 0;

private:
    int running_ = 0;
};

}  // namespace guide::backpressure
