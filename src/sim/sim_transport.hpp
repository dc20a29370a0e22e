// One end of a simulated connection.
#pragma once

#include "sim_engine.hpp"

namespace weir::inline v0::sim {

class sim_transport final : public io::transport {
public:
    sim_transport(sim_engine& engine, io::native_socket socket);
    ~sim_transport() override;

    bool start(io::receive_op& receive) noexcept override;
    bool start(io::send_op& send) noexcept override;
    bool start(io::break_op& watch) noexcept override;
    bool cancel(io::operation& pending) noexcept override;
    void abandon(io::operation& pending) noexcept override;
    std::optional<std::size_t> left_before_end() const noexcept override;
    std::size_t peek(bytes_span into) const noexcept override { return end_.peek(into); }
    void shutdown() noexcept override;
    void abort() noexcept override { aborted_ = true; }
    const io::endpoint& peer() const noexcept override { return peer_; }

private:
    class receiving final : public pending_operation {
    public:
        explicit receiving(sim_transport& owner) noexcept : owner_{&owner} {}
        void begin(io::receive_op* op) noexcept;
        io::receive_op* op() const noexcept { return op_; }

    private:
        time_point due(time_point now) const noexcept override;
        bool go_on(time_point now) noexcept override;
        void complete() noexcept override;
        bool no_slab() const noexcept;

        sim_transport* owner_;
        io::receive_op* op_ = nullptr;
        bool starved_ = false;
    };
    class sending final : public pending_operation {
    public:
        explicit sending(sim_transport& owner) noexcept : owner_{&owner} {}
        void begin(io::send_op* op) noexcept { op_ = op; }
        io::send_op* op() const noexcept { return op_; }

    private:
        time_point due(time_point now) const noexcept override;
        bool go_on(time_point now) noexcept override;
        void complete() noexcept override;

        sim_transport* owner_;
        io::send_op* op_ = nullptr;
    };
    class watching final : public pending_operation {
    public:
        explicit watching(sim_transport& owner) noexcept : owner_{&owner} {}
        void begin(io::break_op* op) noexcept { op_ = op; }
        io::break_op* op() const noexcept { return op_; }

    private:
        time_point due(time_point now) const noexcept override;
        bool go_on(time_point now) noexcept override;
        void complete() noexcept override;

        sim_transport* owner_;
        io::break_op* op_ = nullptr;
    };

    sim_engine& engine_;
    io::memory_end end_;
    io::endpoint peer_;
    receiving receiving_{*this};
    sending sending_{*this};
    watching watching_{*this};
    bool aborted_ = false;
};

}  // namespace weir::inline v0::sim
