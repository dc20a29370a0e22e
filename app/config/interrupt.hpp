// Ctrl-C, noticed when it is looked for. The second one ends the process as usual.
#pragma once

#include <csignal>

namespace weir::app {

class interrupt {
public:
    interrupt() noexcept;
    interrupt(const interrupt&) = delete;
    interrupt& operator=(const interrupt&) = delete;
    ~interrupt();

    // SIGINT or SIGTERM has come.
    bool came() noexcept;

private:
    sigset_t before_{};
    bool came_ = false;
};

}  // namespace weir::app
