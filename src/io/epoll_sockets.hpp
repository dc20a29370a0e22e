// What the epoll engine makes: a connected socket, a listener, and an attempt to connect.
#pragma once

#include "epoll_engine.hpp"
#include "listening_fd.hpp"

namespace weir::inline v0::io {

class epoll_socket final : public transport, epoll_source, epoll_reader, epoll_writer {
public:
    epoll_socket(epoll_engine& engine, native_socket socket);
    ~epoll_socket() override = default;

    bool start(receive_op& receive) noexcept override;
    bool start(send_op& send) noexcept override;
    bool start(break_op& watch) noexcept override;
    bool cancel(operation& pending) noexcept override;
    void abandon(operation& pending) noexcept override;
    std::optional<std::size_t> left_before_end() const noexcept override;
    std::size_t peek(bytes_span into) const noexcept override;
    void shutdown() noexcept override;
    void abort() noexcept override;
    const endpoint& peer() const noexcept override { return peer_; }

private:
    void ready(std::uint32_t events) noexcept override;
    void retry() noexcept override;
    void deliver() noexcept override;
    void send_now() noexcept override;
    void broke() noexcept;
    // Whether the operation has finished.
    bool try_receive(receive_op& op) noexcept;
    bool try_send(send_op& op) noexcept;

    unique_fd fd_;
    bool may_read_ = false;  // the last thing the kernel said
    bool ended_ = false;     // the peer has finished or is gone: reading always answers
    bool broken_ = false;    // nothing goes either way any more
    bool received_ = false;  // the receive has finished and is not answered yet
    receive_op* receiving_ = nullptr;
    send_op* sending_ = nullptr;
    break_op* watching_ = nullptr;
    endpoint peer_;
};

class epoll_listener final : public listener, epoll_source {
public:
    epoll_listener(epoll_engine& engine, listening_fd fd);
    ~epoll_listener() override;

    bool start(accept_op& accept) noexcept override;
    bool cancel(operation& pending) noexcept override;
    void abandon(operation& pending) noexcept override;
    void refuse_new() noexcept override { fd_.refuse_new(); }
    bool has_waiting() noexcept override { return fd_.has_waiting(); }
    const endpoint& local() const noexcept override { return fd_.local(); }
    bool shared() const noexcept override { return fd_.shared(); }
    result<listening_socket> share() const override { return fd_.share(); }
    void hand_over() noexcept override { fd_.hand_over(); }
    void take_charge() noexcept override { fd_.take_charge(); }

private:
    void ready(std::uint32_t events) noexcept override;
    bool try_accept(accept_op& op) noexcept;

    listening_fd fd_;
    accept_op* accepting_ = nullptr;
};

// Owned by the engine while it is pending, through the operation's engine data.
class epoll_connect final : epoll_source {
public:
    static bool start(epoll_engine& engine, connect_op& op) noexcept;
    ~epoll_connect() = default;

private:
    epoll_connect(epoll_engine& engine, connect_op& op, unique_fd fd);
    void ready(std::uint32_t events) noexcept override;

    connect_op* op_;
    unique_fd fd_;
};

}  // namespace weir::inline v0::io
