// The plainest awaitables over a transport, and what tests like to say with them.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "weir/base/bytes.hpp"
#include "weir/io/transport.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/stop.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::io {

class chunk {
public:
    chunk() = default;
    chunk(slab memory, std::size_t size) noexcept : memory_{std::move(memory)}, size_{size} {}
    std::string_view text() const noexcept { return as_text(memory_.room().first(size_)); }
    std::size_t size() const noexcept { return size_; }

private:
    slab memory_;
    std::size_t size_ = 0;
};

class receive_chunk_awaiter final : public transport::receive_awaiter {
public:
    receive_chunk_awaiter(transport& from, const environment& env)
        : operation_awaiter{from, env, bytes_span{}} {}
    result<chunk> await_resume() noexcept {
        if (failed()) return fail(take_error());
        return chunk{take_slab(), size()};
    }
};

// Into a slab that the engine chooses.
class [[nodiscard]] receive_chunk {
public:
    explicit receive_chunk(transport& from) noexcept : from_{&from} {}
    receive_chunk_awaiter await_with(const environment& env) const {
        return receive_chunk_awaiter{*from_, env};
    }

private:
    transport* from_;
};

class receive_into_awaiter final : public transport::receive_awaiter {
public:
    using operation_awaiter::operation_awaiter;
    result<std::size_t> await_resume() noexcept {
        if (failed()) return fail(take_error());
        return size();
    }
};

class [[nodiscard]] receive_into {
public:
    receive_into(transport& from, bytes_span into) noexcept : from_{&from}, into_{into} {}
    receive_into_awaiter await_with(const environment& env) const {
        return receive_into_awaiter{*from_, env, into_};
    }

private:
    transport* from_;
    bytes_span into_;
};

class send_awaiter final : public transport::send_awaiter {
public:
    using operation_awaiter::operation_awaiter;
    result<> await_resume() noexcept {
        if (failed()) return fail(take_error());
        return {};
    }
};

// What has been sent is cut off from the pieces.
class [[nodiscard]] send_pieces {
public:
    send_pieces(transport& to, std::span<piece> pieces) noexcept : to_{&to}, pieces_{pieces} {}
    send_awaiter await_with(const environment& env) const {
        return send_awaiter{*to_, env, pieces_};
    }

private:
    transport* to_;
    std::span<piece> pieces_;
};

class break_awaiter final : public operation_awaiter<transport, break_op> {
public:
    using operation_awaiter::operation_awaiter;
    // How the watch has ended.
    errc await_resume() const noexcept { return status(); }
};

class [[nodiscard]] watch_break {
public:
    explicit watch_break(transport& of) noexcept : of_{&of} {}
    break_awaiter await_with(const environment& env) const { return break_awaiter{*of_, env}; }

private:
    transport* of_;
};

inline task<result<>> send_text(transport& to, std::string text) {
    std::array pieces{piece{text.data(), text.size()}};
    co_return co_await send_pieces{to, pieces};
}

// So many bytes, or what there is until an error or the end.
inline task<std::string> receive_up_to(transport& from, std::size_t size) {
    std::string text;
    while (text.size() < size) {
        const auto next = co_await receive_chunk{from};
        if (!next) break;
        text += next->text();
    }
    co_return text;
}

inline task<result<std::string>> receive_text(transport& from, std::size_t size) {
    std::string text;
    while (text.size() < size) {
        const chunk next = co_await or_return(receive_chunk{from});
        text += next.text();
    }
    co_return text;
}

inline task<errc> receive_error(transport& from) {
    const auto next = co_await receive_chunk{from};
    co_return next ? errc{} : next.error().code();
}

// More than any kernel keeps between two sockets.
inline constexpr std::size_t flood = std::size_t{32} << 20U;

// Bytes that show where they were cut or moved.
inline std::string pattern(std::size_t size, std::uint64_t seed = 1) {
    std::string text(size, '\0');
    for (std::size_t at = 0; at < size; at += sizeof seed) {
        seed = seed * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
        std::memcpy(text.data() + at, &seed, std::min(sizeof seed, size - at));
    }
    return text;
}

// A send that nobody waits for while it is handed over; its end requests a stop of whom it is
// given.
class unawaited_send final : public send_op {
public:
    unawaited_send(transport& through, std::span<piece> pieces, stop_node* ended = nullptr) noexcept
        : send_op{pieces}, through_{through}, ended_{ended} {
        set_awaited(false);
        pending_ = !through.start(*this);
    }
    ~unawaited_send() {
        if (pending_) through_.abandon(*this);
    }
    bool pending() const noexcept { return pending_; }
    bool done() const noexcept { return !pending_ && status() == errc{}; }

private:
    void on_complete() noexcept override {
        pending_ = false;
        if (ended_ != nullptr) ended_->request(errc::canceled);
    }

    transport& through_;
    stop_node* ended_;
    bool pending_ = false;
};

}  // namespace weir::inline v0::io
