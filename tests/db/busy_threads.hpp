// Keeps a thread of a pool busy, or takes a place in its queue, until it is let.
#pragma once

#include <latch>
#include <memory>

#include "weir/io/blocking.hpp"

namespace weir::inline v0::db {

class sitting_job final : public io::blocking_job {
public:
    explicit sitting_job(std::latch& until) : until_{&until} {}
    void work() noexcept override { until_->wait(); }

private:
    std::latch* until_;
};

// Nobody waits for it: what is waited for and given up leaves the queue.
inline void sit_until(std::latch& until, io::blocking_pool& threads) {
    threads.run_unattended(*std::make_unique<sitting_job>(until).release());
}

}  // namespace weir::inline v0::db
