// What one connection carries for some seconds, as text: a line for each piece, with its bytes.
//
// Secrets have stars in their place. Belongs to the connection's loop and to what serves it there.
// Ends, and hands its text over, when its time is over, when there is as much of it as it may hold,
// or with the connection.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "weir/flow/oneshot.hpp"
#include "weir/net/connection.hpp"

#include "secret_mask.hpp"

namespace weir::inline v0 {

using traced_text = flow::oneshot<result<std::string>>;

class wire_trace final : public net::wire_tracer, timer {
public:
    // Of the connection that is to own it.
    wire_trace(net::connection& of, duration time) noexcept;
    wire_trace(const wire_trace&) = delete;
    wire_trace& operator=(const wire_trace&) = delete;
    ~wire_trace() override {
        if (to_) (void)std::move(*to_).send(std::move(text_));
    }

    // Who is told when it is gone.
    void answer(traced_text::sender to) noexcept { to_.emplace(std::move(to)); }

private:
    void received(bytes_view bytes) noexcept override { add('<', of_peer_, bytes); }
    void sending(bytes_view bytes) noexcept override { add('>', of_ours_, bytes); }
    void on_expiry() noexcept override { end(); }
    void add(char direction, secret_mask& mask, bytes_view bytes) noexcept;
    // It is gone afterwards.
    void end() noexcept { of_->trace(nullptr); }

    net::connection* of_;
    time_point since_;
    std::string text_;
    secret_mask of_peer_;
    secret_mask of_ours_;
    std::size_t left_;  // bytes of the wire that it still takes
    std::optional<traced_text::sender> to_;
};

}  // namespace weir::inline v0
