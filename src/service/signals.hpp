// Signals, turned into calls on a thread of their own, where everything is allowed.
#pragma once

#include <functional>
#include <thread>

namespace weir::inline v0 {

// While it lives, SIGTERM and SIGINT are handled here and reach no other thread that was started
// after it. The first calls on_first; the second ends the process with exit code 3.
class signal_watch {
public:
    explicit signal_watch(std::function<void()> on_first);
    signal_watch(const signal_watch&) = delete;
    signal_watch& operator=(const signal_watch&) = delete;
    ~signal_watch();

private:
    std::jthread thread_;
};

// As many descriptors as the hard limit allows; answers with what it is now.
std::size_t raise_descriptor_limit() noexcept;

}  // namespace weir::inline v0
