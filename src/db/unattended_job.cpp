#include "unattended_job.hpp"

#include <utility>

namespace weir::inline v0::db {
namespace {

class submitter final : public io::blocking_waiter {
public:
    submitter(io::blocking_pool& threads, const environment& env) noexcept
        : blocking_waiter{threads, env} {}
    using blocking_waiter::submit;

private:
    bool interrupt_work() noexcept override { return false; }
};

}  // namespace

void run_unattended(io::blocking_pool& threads, scheduler& home,
                    std::unique_ptr<io::blocking_job> job) noexcept {
    stop_node never_stopped;
    const environment env{home, never_stopped};
    submitter{threads, env}.submit(std::move(job));
}

}  // namespace weir::inline v0::db
