// Operations of one byte that count how often they end; one that is destroyed before is taken back.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <utility>

#include "weir/io/transport.hpp"

namespace weir::inline v0::io {

template <class Op>
class counted_op : public Op {
public:
    int ends() const noexcept { return ends_; }
    // Whose end follows, unless it comes at once or has come.
    void cancel() noexcept {
        if (ends_ != 0 || !by_.cancel(*this)) return;
        this->set_status(errc::canceled);
        ++ends_;
    }

protected:
    template <class... Arguments>
    explicit counted_op(transport& by, Arguments&&... arguments)
        : Op{std::forward<Arguments>(arguments)...}, by_{by} {}
    ~counted_op() {
        if (ends_ == 0) by_.abandon(*this);
    }
    void start() noexcept {
        if (by_.start(*this)) ++ends_;
    }
    void on_complete() noexcept override { ++ends_; }

private:
    transport& by_;
    int ends_ = 0;
};

class counted_receive_into final : public counted_op<receive_op> {
public:
    explicit counted_receive_into(transport& from) : counted_op{from, bytes_span{&byte_, 1}} {
        start();
    }

private:
    std::byte byte_{};
};

// Into a slab that the engine chooses, and that goes back at once.
class counted_receive final : public counted_op<receive_op> {
public:
    explicit counted_receive(transport& from) : counted_op{from, bytes_span{}} { start(); }

private:
    void on_complete() noexcept override {
        take_slab().reset();
        counted_op::on_complete();
    }
};

class counted_send final : public counted_op<send_op> {
public:
    explicit counted_send(transport& to) : counted_op{to, std::span<piece>{}} {
        set_pieces(pieces_);
        start();
    }

private:
    std::byte byte_{'x'};
    std::array<piece, 1> pieces_{piece{&byte_, 1}};
};

class counted_watch final : public counted_op<break_op> {
public:
    explicit counted_watch(transport& of) : counted_op{of} { start(); }
};

}  // namespace weir::inline v0::io
