// What the uring engine makes: a connected socket, a listener, and an attempt to connect.
#pragma once

#include "listening_fd.hpp"
#include "uring_engine.hpp"
#include "uring_inbox.hpp"

namespace weir::inline v0::io {

class uring_socket final : public transport, uring_target, starved_receive {
public:
    uring_socket(uring_engine& engine, native_socket socket);
    ~uring_socket() override;

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
    enum kind : int { receive_done, pieces_came, send_done, has_room, watch_done };

    void completed(int kind, int outcome, std::uint32_t flags) noexcept override;
    void received(int outcome, std::uint32_t flags) noexcept;
    void pieces_received(int outcome, std::uint32_t flags) noexcept;
    void sent(int outcome) noexcept;
    void room_came(int outcome) noexcept;
    void watched(int outcome, std::uint32_t flags) noexcept;
    bool arm_watch() noexcept;
    bool rearm() noexcept override { return arm(*receiving_); }
    bool send_awaited() const noexcept override {
        return sending_ == nullptr || sending_->awaited();
    }
    // To arm is false where there is no memory for that.
    bool arm(receive_op& op) noexcept;
    bool may_multishot() const noexcept;
    bool arm_multishot() noexcept;
    void arm_again(int outcome) noexcept;
    bool try_send(send_op& op) noexcept;
    bool has_message() noexcept;
    bool arm(send_op& op) noexcept;
    bool arm_poll_for_room() noexcept;
    void end_receive(errc status) noexcept;
    void end_send(errc status) noexcept;

    uring_engine& engine_;
    unique_fd fd_;
    bool receive_canceled_ = false;
    bool multishot_ = false;   // receive_request_ is one
    bool much_comes_ = false;  // more at a time than a piece of a multishot receive
    bool send_canceled_ = false;
    receive_op* receiving_ = nullptr;
    uring_request* receive_request_ = nullptr;
    send_op* sending_ = nullptr;
    uring_request* send_request_ = nullptr;
    break_op* watching_ = nullptr;
    uring_request* watch_request_ = nullptr;
    std::unique_ptr<msghdr> message_;  // for sends of several pieces
    uring_inbox inbox_;
    endpoint peer_;
};

class uring_listener final : public listener, uring_target {
public:
    uring_listener(uring_engine& engine, listening_fd fd) noexcept;
    ~uring_listener() override = default;

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
    void completed(int kind, int outcome, std::uint32_t flags) noexcept override;
    bool try_accept(accept_op& op) noexcept;
    bool arm() noexcept;

    uring_engine& engine_;
    listening_fd fd_;
    accept_op* accepting_ = nullptr;
    uring_request* request_ = nullptr;
};

// Owned by the engine while it is pending, through the operation's engine data.
class uring_connect final : uring_target {
public:
    static bool start(uring_engine& engine, connect_op& op) noexcept;
    ~uring_connect();
    bool cancel() noexcept { return engine_.cancel_later(*request_); }

private:
    uring_connect(uring_engine& engine, connect_op& op, unique_fd fd) noexcept;
    void completed(int kind, int outcome, std::uint32_t flags) noexcept override;

    uring_engine& engine_;
    connect_op& op_;
    unique_fd fd_;
    posix::address to_;
    uring_request* request_ = nullptr;
};

}  // namespace weir::inline v0::io
