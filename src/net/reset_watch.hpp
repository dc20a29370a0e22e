// Stops whoever works for a peer that has reset its connection, though nobody reads or sends.
//
// The watch on the transport is begun once and stays: a connection that is worked for again and
// again costs nothing more.
#pragma once

#include "weir/io/transport.hpp"
#include "weir/net/connection.hpp"
#include "weir/task/stop.hpp"

namespace weir::inline v0::net {

class reset_watch final : io::break_op {
public:
    // Outlives it.
    explicit reset_watch(connection& of) noexcept : of_{&of} {}
    reset_watch(const reset_watch&) = delete;
    reset_watch& operator=(const reset_watch&) = delete;
    ~reset_watch() {
        if (pending_) of_->transport_->abandon(*this);
    }

    // Null: nobody.
    void stops(stop_node* worker) noexcept {
        worker_ = worker;
        if (worker == nullptr) return;
        if (of_->broken() == errc::reset) return broken();
        if (!pending_ && of_->broken() == errc{}) begin();
    }
    // The peer has reset the connection, whoever noticed.
    void broken() noexcept {
        if (worker_ != nullptr) worker_->request(errc::canceled);
    }

private:
    void begin() noexcept {
        pending_ = !of_->transport_->start(*this);
        if (!pending_) ended();
    }
    void on_complete() noexcept override {
        pending_ = false;
        ended();
    }
    void ended() noexcept {
        if (status() == errc::reset) of_->break_off(errc::reset);
    }

    connection* of_;
    stop_node* worker_ = nullptr;
    bool pending_ = false;
};

}  // namespace weir::inline v0::net
