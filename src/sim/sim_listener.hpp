// A place on the simulated network where connections arrive.
#pragma once

#include <deque>

#include "sim_engine.hpp"

namespace weir::inline v0::sim {

class sim_listener final : public io::listener {
public:
    sim_listener(sim_engine& engine, io::endpoint local, const io::listen_options& options);
    ~sim_listener() override;

    bool start(io::accept_op& accept) noexcept override;
    bool cancel(io::operation& pending) noexcept override;
    void abandon(io::operation& pending) noexcept override;
    void refuse_new() noexcept override { refusing_ = true; }
    bool has_waiting() noexcept override { return !queue_.empty(); }
    const io::endpoint& local() const noexcept override { return local_; }
    bool shared() const noexcept override { return false; }
    result<io::listening_socket> share() const override { return fail(errc::unsupported); }
    void hand_over() noexcept override {}
    void take_charge() noexcept override {}

    // Whether a new connection would get in; otherwise it is as if its packets were lost.
    bool open() const noexcept { return !refusing_ && queue_.size() < backlog_; }
    void arrive(io::native_socket socket) { queue_.push_back(std::move(socket)); }

private:
    class accepting final : public pending_operation {
    public:
        explicit accepting(sim_listener& owner) noexcept : owner_{&owner} {}
        void begin(io::accept_op* op) noexcept { op_ = op; }
        io::accept_op* op() const noexcept { return op_; }

    private:
        time_point due(time_point now) const noexcept override;
        bool go_on(time_point now) noexcept override;
        void complete() noexcept override;

        sim_listener* owner_;
        io::accept_op* op_ = nullptr;
    };

    sim_engine& engine_;
    io::endpoint local_;
    std::size_t backlog_;
    std::deque<io::native_socket> queue_;
    accepting accepting_{*this};
    bool refusing_ = false;
};

}  // namespace weir::inline v0::sim
