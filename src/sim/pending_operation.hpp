// An operation that has been started on the simulated network, in its engine's list.
#pragma once

#include "weir/base/clock.hpp"
#include "weir/base/intrusive_list.hpp"

namespace weir::inline v0::sim {

class pending_operation : public list_hook<pending_operation> {
public:
    // When, as things stand, it can go on: now or earlier, some time to come, or never.
    virtual time_point due(time_point now) const noexcept = 0;
    // Goes on as far as it can; true: it has finished.
    virtual bool go_on(time_point now) noexcept = 0;
    // Tells whoever waits. This may be gone when it returns.
    virtual void complete() noexcept = 0;

    // It has finished, and nobody has been told yet.
    bool finished() const noexcept { return finished_; }
    void set_finished(bool finished) noexcept { finished_ = finished; }

protected:
    ~pending_operation() = default;

private:
    bool finished_ = false;
};

using pending_list = intrusive_list<pending_operation, pending_operation>;

}  // namespace weir::inline v0::sim
