// Operations: what is asked of a transport or an engine, and how it is answered.
//
// An operation object is given to start(). Either start() answers true and the operation has
// finished, or it is pending: then on_complete() is called once, from the top of the loop, unless
// the operation is taken back by cancel() or abandon() first. While it is pending it must not move,
// and the memory it names must stay.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/clock.hpp"
#include "weir/base/error.hpp"
#include "weir/io/endpoint.hpp"
#include "weir/io/native_socket.hpp"
#include "weir/io/slab.hpp"

namespace weir::inline v0::io {

class operation {
public:
    operation(const operation&) = delete;
    operation& operator=(const operation&) = delete;

    virtual void on_complete() noexcept = 0;

    // errc{} where it went well.
    errc status() const noexcept { return status_; }
    void set_status(errc status) noexcept { status_ = status; }

protected:
    operation() noexcept = default;
    ~operation() = default;

private:
    errc status_{};
};

// Bytes from the peer, into a slab that the engine chooses or into a given place. The end of the
// stream is errc::end_of_stream.
class receive_op : public operation {
public:
    // Empty: the engine chooses a slab when there is something to put into it.
    bytes_span into() const noexcept { return into_; }
    void received(std::size_t size) noexcept { size_ = size; }
    void received(slab slab, std::size_t size) noexcept {
        slab_ = std::move(slab);
        size_ = size;
    }

    std::size_t size() const noexcept { return size_; }
    slab take_slab() noexcept { return std::move(slab_); }

protected:
    explicit receive_op(bytes_span into) noexcept : into_{into} {}
    ~receive_op() = default;

private:
    bytes_span into_;
    slab slab_;
    std::size_t size_ = 0;
};

// A piece of what is sent; the same shape as the system's iovec.
struct piece {
    const void* data;
    std::size_t size;
};

// All the pieces, in order. Progress is kept in the pieces: what has been sent is cut off.
class WEIR_API send_op : public operation {
public:
    std::span<piece> pieces() const noexcept { return pieces_; }
    void set_pieces(std::span<piece> pieces) noexcept { pieces_ = pieces; }
    // Cuts off the first bytes; true when nothing is left.
    bool sent(std::size_t bytes) noexcept;
    // Whether somebody waits for its end. Where nobody does, a transport may tell of it later, with
    // the next thing that happens on the loop.
    bool awaited() const noexcept { return awaited_; }
    void set_awaited(bool awaited) noexcept { awaited_ = awaited; }

protected:
    explicit send_op(std::span<piece> pieces) noexcept : pieces_{pieces} {}
    ~send_op() = default;

private:
    std::span<piece> pieces_;
    bool awaited_ = true;
};

// Until the stream is broken, by the peer's reset or by the network: errc::reset. A peer that has
// merely finished breaks nothing.
class break_op : public operation {
protected:
    break_op() noexcept = default;
    ~break_op() = default;
};

class accept_op : public operation {
public:
    void accepted(native_socket socket) noexcept { socket_ = std::move(socket); }
    native_socket take_socket() noexcept { return std::move(socket_); }

protected:
    accept_op() noexcept = default;
    ~accept_op() = default;

private:
    native_socket socket_;
};

class connect_op : public operation {
public:
    const endpoint& to() const noexcept { return to_; }
    // Whose peer it is from now on: to copy it takes memory.
    endpoint take_to() noexcept { return std::move(to_); }
    duration user_timeout() const noexcept { return user_timeout_; }
    void connected(native_socket socket) noexcept { socket_ = std::move(socket); }
    // For the engine that runs it.
    void set_engine_data(void* data) noexcept { engine_data_ = data; }
    void* engine_data() const noexcept { return engine_data_; }
    native_socket take_socket() noexcept { return std::move(socket_); }

protected:
    connect_op(endpoint to, duration user_timeout) noexcept
        : to_{std::move(to)}, user_timeout_{user_timeout} {}
    ~connect_op() = default;

private:
    endpoint to_;
    duration user_timeout_;
    void* engine_data_ = nullptr;
    native_socket socket_;
};

}  // namespace weir::inline v0::io
