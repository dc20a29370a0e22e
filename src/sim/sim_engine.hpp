// The simulated engine: a list of operations that wait, and one of those that have finished.
//
// Nobody tells it what has changed: each poll asks every operation whether it can go on. That costs
// a walk over the list, and no event can be forgotten.
#pragma once

#include <atomic>

#include "weir/io/engine.hpp"

#include "network_state.hpp"
#include "pending_operation.hpp"

namespace weir::inline v0::sim {

class sim_engine final : public io::engine {
public:
    sim_engine(network_state& network, io::slab_pool& slabs);
    ~sim_engine() override;

    std::string_view name() const noexcept override { return "sim"; }
    time_point now() noexcept override { return network_.now(); }
    std::uint64_t random() noexcept override { return network_.random(); }
    result<std::unique_ptr<io::listener>> listen(const io::endpoint& at,
                                                 const io::listen_options& options) override;
    result<std::unique_ptr<io::listener>> listen(io::listening_socket inherited,
                                                 const io::listen_options& options) override;
    std::unique_ptr<io::transport> adopt(io::native_socket socket) override;
    bool start(io::connect_op& connect) noexcept override;
    bool cancel(io::connect_op& connect) noexcept override;
    void abandon(io::connect_op& connect) noexcept override;
    void poll(time_point until) noexcept override;
    void complete() noexcept override;
    void wake() noexcept override;

    // For what it makes. begin: true where the operation has finished at once; take_back: false
    // where it has finished already and is about to be told.
    bool begin(pending_operation& operation) noexcept;
    static bool take_back(pending_operation& operation) noexcept;
    network_state& network() noexcept { return network_; }
    io::slab_pool& slabs() noexcept { return slabs_; }

    // For the stepper: when something happens here next; now where that cannot be said.
    time_point next_event() noexcept;

private:
    bool go_on() noexcept;
    time_point earliest_due() noexcept;

    network_state& network_;
    io::slab_pool& slabs_;
    pending_list waiting_;
    pending_list finished_;
    time_point until_{};
    bool busy_ = false;  // something went on here since the last poll began
    std::atomic<bool> woken_ = false;
};

}  // namespace weir::inline v0::sim
