#include "rollback_desk.hpp"

#include <utility>

namespace weir::inline v0::db {
namespace {

void end_transaction(pool::lease<connection>& lease) noexcept {
    lease->roll_back();
    lease.release();
}

}  // namespace

class rollback_desk::job final : public io::blocking_job {
public:
    job(pool::lease<connection>&& lease, rollback_desk& desk) noexcept
        : lease_{std::move(lease)}, desk_{&desk} {
        desk.one_taken();
    }
    // Where no thread took it, it is done here.
    ~job() override { work(); }

    void work() noexcept override {
        if (!lease_) return;
        end_transaction(lease_);
        desk_->one_done();
    }

private:
    pool::lease<connection> lease_;
    rollback_desk* desk_;
};

rollback_desk::~rollback_desk() {
    const lock_guard lock{mutex_};
    while (under_way_ > 0) changed_.wait(mutex_);
}

void rollback_desk::take(pool::lease<connection> lease) noexcept {
    try {
        threads_->run_unattended(*new job{std::move(lease), *this});
    } catch (...) {  // no memory for the job
        end_transaction(lease);
    }
}

void rollback_desk::one_taken() noexcept {
    const lock_guard lock{mutex_};
    ++under_way_;
}

void rollback_desk::one_done() noexcept {
    const lock_guard lock{mutex_};
    --under_way_;
    changed_.notify_all();
}

}  // namespace weir::inline v0::db
