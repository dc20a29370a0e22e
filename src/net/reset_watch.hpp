// Stops whoever works for a peer that has reset its connection, though nobody reads or sends.
//
// The watch on the transport is begun once and stays: a connection that is worked for again and
// again costs nothing more.
#pragma once

#include "weir/io/transport.hpp"
#include "weir/net/sender.hpp"
#include "weir/task/stop.hpp"

namespace weir::inline v0::net {

class reset_watch final : io::break_op {
public:
    // Both outlive it.
    reset_watch(io::transport& transport, sender& sender) noexcept
        : transport_{&transport}, sender_{&sender} {}
    reset_watch(const reset_watch&) = delete;
    reset_watch& operator=(const reset_watch&) = delete;
    ~reset_watch() {
        if (pending_) transport_->abandon(*this);
    }

    // Null: nobody.
    void stops(stop_node* worker) noexcept {
        worker_ = worker;
        if (worker == nullptr) return;
        if (sender_->broken() == errc::reset) return broken();
        if (!pending_ && sender_->broken() == errc{}) begin();
    }
    // The peer has reset the connection, whoever noticed.
    void broken() noexcept {
        if (worker_ != nullptr) worker_->request(errc::canceled);
    }

private:
    void begin() noexcept {
        pending_ = !transport_->start(*this);
        if (!pending_) ended();
    }
    void on_complete() noexcept override {
        pending_ = false;
        ended();
    }
    void ended() noexcept {
        if (status() == errc::reset) sender_->stop(errc::reset);
    }

    io::transport* transport_;
    sender* sender_;
    stop_node* worker_ = nullptr;
    bool pending_ = false;
};

}  // namespace weir::inline v0::net
