// An attempt to connect; it owns itself and hangs on its operation's engine data.
#pragma once

#include "sim_engine.hpp"

namespace weir::inline v0::sim {

class sim_connect final : public pending_operation {
public:
    static bool start(sim_engine& engine, io::connect_op& op) noexcept;
    static bool cancel(io::connect_op& pending) noexcept;
    static void abandon(io::connect_op& pending) noexcept;
    ~sim_connect() = default;

private:
    sim_connect(sim_engine& engine, io::connect_op& op) noexcept;
    time_point due(time_point) const noexcept override { return arrives_; }
    bool go_on(time_point now) noexcept override;
    void complete() noexcept override;

    sim_engine& engine_;
    io::connect_op* op_;
    time_point arrives_;
};

}  // namespace weir::inline v0::sim
