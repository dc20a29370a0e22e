#include "uring_sockets.hpp"

#include <algorithm>
#include <climits>
#include <memory>
#include <new>
#include <utility>

#include <poll.h>

namespace weir::inline v0::io {
namespace {

// A receive that ended so did not fail: it is to be armed again.
bool asks_again(int outcome) noexcept {
    return outcome == -ENOBUFS || outcome == -EINTR || outcome == -EAGAIN;
}

// How a stream ended that brought no bytes.
errc end_of(int outcome) noexcept {
    return outcome == 0 ? errc::end_of_stream : posix::stream_error(-outcome);
}

}  // namespace

uring_socket::uring_socket(uring_engine& engine, native_socket socket)
    : engine_{engine}, fd_{socket.release()}, peer_{socket.peer()} {}

uring_socket::~uring_socket() {
    if (multishot_) engine_.cancel_now(*receive_request_);
}

bool uring_socket::start(receive_op& receive) noexcept {
    if (inbox_.answer(receive)) return true;
    receiving_ = &receive;
    receive_canceled_ = false;
    if (multishot_ || arm(receive)) return false;
    receiving_ = nullptr;
    receive.set_status(errc::out_of_memory);
    return true;
}

bool uring_socket::arm(receive_op& op) noexcept {
    const bool choose = op.into().empty();
    if (choose && !much_comes_ && may_multishot()) return arm_multishot();
    io_uring_sqe* entry = nullptr;
    receive_request_ = engine_.prepare(entry, *this, receive_done);
    if (receive_request_ == nullptr) return false;
    const std::size_t room = choose ? slab_room : op.into().size();
    io_uring_prep_recv(entry, fd_.get(), op.into().data(), room, 0);
    // A request's answer is what usually comes before the next request: wait first, then read.
    entry->ioprio |= IORING_RECVSEND_POLL_FIRST;
    if (choose) {
        io_uring_sqe_set_flags(entry, IOSQE_BUFFER_SELECT);
        entry->buf_group = uring_ring::buffer_group;
    }
    return true;
}

// After some bytes of a unix socket a multishot receive waits for the next event, though the end is
// there already and none will come; of TCP the kernel counts an end as something to read.
bool uring_socket::may_multishot() const noexcept {
    return engine_.has_bounded_multishot() && peer_.family() != endpoint::family::unix_path;
}

bool uring_socket::arm_multishot() noexcept {
    io_uring_sqe* entry = nullptr;
    receive_request_ = engine_.prepare(entry, *this, pieces_came);
    if (receive_request_ == nullptr) return false;
    uring_engine::prepare_bounded_multishot(entry, fd_.get());
    return multishot_ = true;
}

bool uring_socket::start(send_op& send) noexcept {
    if (send.pieces().empty()) {
        send.set_status(errc{});
        return true;
    }
    if (engine_.sends_at_once()) {
        if (try_send(send)) return true;
        send.set_awaited(true);  // the socket is full: its end will take time
    }
    sending_ = &send;
    send_canceled_ = false;
    if (arm(send)) return false;
    sending_ = nullptr;
    send.set_status(errc::out_of_memory);
    return true;
}

// Where the send needs one.
bool uring_socket::has_message() noexcept {
    if (sending_->pieces().size() > 1 && !message_) message_.reset(new (std::nothrow) msghdr{});
    return sending_->pieces().size() == 1 || message_;
}

bool uring_socket::try_send(send_op& op) noexcept {
    const errc status = posix::send(fd_.get(), op);
    if (status == errc::unavailable) return false;
    op.set_status(status);
    return true;
}

// A send that the kernel may wait with is, on a machine that is busy, moved to a thread of the
// kernel, where it blocks and no cancellation reaches it: on 6.18 it ended with the connection. So
// none waits, and a full socket is polled.
bool uring_socket::arm(send_op& op) noexcept {
    if (op.awaited()) return arm_poll_for_room();
    if (!has_message()) return false;
    constexpr int flags = MSG_NOSIGNAL | MSG_DONTWAIT;
    const auto pieces = op.pieces();
    io_uring_sqe* entry = nullptr;
    send_request_ = engine_.prepare(entry, *this, send_done);
    if (send_request_ == nullptr) return false;
    if (pieces.size() == 1) {
        io_uring_prep_send(entry, fd_.get(), pieces[0].data, pieces[0].size, flags);
        engine_.ends_at_once(*send_request_);
    } else {
        message_->msg_iov = reinterpret_cast<iovec*>(pieces.data());
        message_->msg_iovlen = std::min<std::size_t>(pieces.size(), IOV_MAX);
        io_uring_prep_sendmsg(entry, fd_.get(), message_.get(), flags);
    }
    return true;
}

bool uring_socket::arm_poll_for_room() noexcept {
    io_uring_sqe* entry = nullptr;
    send_request_ = engine_.prepare(entry, *this, has_room);
    if (send_request_ == nullptr) return false;
    io_uring_prep_poll_add(entry, fd_.get(), POLLOUT);
    return true;
}

bool uring_socket::start(break_op& watch) noexcept {
    watching_ = &watch;
    if (arm_watch()) return false;
    watching_ = nullptr;
    watch.set_status(errc::out_of_memory);
    return true;
}

// The peer's end is told unasked (POLLRDHUP), and to a poll that ends with it again at once.
bool uring_socket::arm_watch() noexcept {
    io_uring_sqe* entry = nullptr;
    watch_request_ = engine_.prepare(entry, *this, watch_done);
    if (watch_request_ == nullptr) return false;
    io_uring_prep_poll_multishot(entry, fd_.get(), POLLERR | POLLHUP);
    return true;
}

bool uring_socket::cancel(operation& pending) noexcept {
    const bool receive = &pending == receiving_;
    const bool ends_now = receive ? multishot_ || starved_receive::linked() : &pending == watching_;
    if (ends_now) {
        abandon(pending);
        return true;
    }
    (receive ? receive_canceled_ : send_canceled_) = true;
    if (engine_.cancel_later(receive ? *receive_request_ : *send_request_)) return false;
    abandon(pending);
    return true;
}

void uring_socket::abandon(operation& pending) noexcept {
    if (&pending == watching_) {
        watching_ = nullptr;
        engine_.cancel_now(*std::exchange(watch_request_, nullptr));
        return;
    }
    if (&pending != receiving_) {
        sending_ = nullptr;
        engine_.cancel_now(*std::exchange(send_request_, nullptr));
        return;
    }
    receiving_ = nullptr;
    if (starved_receive::linked()) {
        starved_receive::unlink();
    } else if (!multishot_) {  // which keeps for the next what it brings
        engine_.cancel_now(*std::exchange(receive_request_, nullptr));
    }
}

// A multishot receive brings what is left, and then the end: what it has taken from the socket and
// not told yet is neither there nor here.
std::optional<std::size_t> uring_socket::left_before_end() const noexcept {
    if (multishot_) return std::nullopt;
    if (inbox_.ended_in_order()) return inbox_.size();
    const auto left = posix::left_before_end(fd_.get());
    if (!left) return std::nullopt;
    return inbox_.size() + *left;
}

std::size_t uring_socket::peek(bytes_span into) const noexcept {
    if (multishot_) return 0;
    const std::size_t here = inbox_.peek(into);
    const bytes_span rest = into.subspan(here);
    if (rest.empty() || inbox_.ended_in_order()) return here;
    return here + posix::peek(fd_.get(), rest);
}

void uring_socket::shutdown() noexcept { ::shutdown(fd_.get(), SHUT_WR); }

void uring_socket::abort() noexcept { posix::set_abort(fd_.get()); }

void uring_socket::completed(int kind, int outcome, std::uint32_t flags) noexcept {
    switch (kind) {
        case receive_done:
            return received(outcome, flags);
        case pieces_came:
            return pieces_received(outcome, flags);
        case has_room:
            return room_came(outcome);
        case watch_done:
            return watched(outcome, flags);
        default:
            return sent(outcome);
    }
}

void uring_socket::pieces_received(int outcome, std::uint32_t flags) noexcept {
    multishot_ = (flags & IORING_CQE_F_MORE) != 0;
    if (outcome > 0) {
        const auto size = static_cast<std::size_t>(outcome);
        much_comes_ = size == uring_inbox::piece_bytes;
        inbox_.put(engine_.slabs().adopt(flags >> IORING_CQE_BUFFER_SHIFT), size);
    } else if (!asks_again(outcome)) {
        inbox_.end(end_of(outcome));
    }
    if (receiving_ == nullptr) return;
    if (inbox_.answer(*receiving_)) return std::exchange(receiving_, nullptr)->on_complete();
    if (!multishot_) arm_again(outcome);
}

void uring_socket::arm_again(int outcome) noexcept {
    if (outcome == -ENOBUFS && receiving_->into().empty() && !engine_.offer_buffers()) {
        engine_.starve(*this);
    } else if (!arm(*receiving_)) {
        end_receive(errc::out_of_memory);
    }
}

void uring_socket::end_receive(errc status) noexcept {
    receiving_->set_status(status);
    std::exchange(receiving_, nullptr)->on_complete();
}

void uring_socket::received(int outcome, std::uint32_t flags) noexcept {
    receive_op& op = *receiving_;
    slab slab;
    if ((flags & IORING_CQE_F_BUFFER) != 0) {
        slab = engine_.slabs().adopt(flags >> IORING_CQE_BUFFER_SHIFT);
    }
    const bool again = asks_again(outcome);
    if (again && receive_canceled_) return end_receive(errc::canceled);
    if (again) return arm_again(outcome);
    if (outcome <= 0) return end_receive(end_of(outcome));
    const auto size = static_cast<std::size_t>(outcome);
    if (slab) much_comes_ = size >= uring_inbox::piece_bytes;
    slab ? op.received(std::move(slab), size) : op.received(size);
    end_receive(errc{});
}

void uring_socket::sent(int outcome) noexcept {
    send_op& op = *sending_;
    // A cancellation that finds a part sent already ends as if that part had been all.
    op.set_awaited(true);  // from now on it may take its time
    const bool unfinished = outcome >= 0 ? !op.sent(static_cast<std::size_t>(outcome))
                                         : outcome == -EINTR || outcome == -EAGAIN;
    if (unfinished && send_canceled_) return end_send(errc::canceled);
    if (!unfinished) return end_send(outcome >= 0 ? errc{} : posix::stream_error(-outcome));
    if (!arm_poll_for_room()) end_send(errc::out_of_memory);
}

void uring_socket::room_came(int outcome) noexcept {
    if (send_canceled_) return end_send(errc::canceled);
    if (outcome < 0) return end_send(posix::stream_error(-outcome));
    if (try_send(*sending_)) return std::exchange(sending_, nullptr)->on_complete();
    if (!arm_poll_for_room()) end_send(errc::out_of_memory);
}

void uring_socket::end_send(errc status) noexcept {
    sending_->set_status(status);
    std::exchange(sending_, nullptr)->on_complete();
}

void uring_socket::watched(int outcome, std::uint32_t flags) noexcept {
    const bool goes_on = (flags & IORING_CQE_F_MORE) != 0;
    const bool broken = outcome > 0 && (outcome & (POLLERR | POLLHUP)) != 0;
    const bool ends = outcome < 0 || broken;
    if (!ends && (goes_on || arm_watch())) return;
    if (goes_on) engine_.cancel_now(*watch_request_);
    const errc failed = ends ? posix::code_of(-outcome) : errc::out_of_memory;
    watching_->set_status(broken ? errc::reset : failed);
    std::exchange(watching_, nullptr)->on_complete();
}

uring_listener::uring_listener(uring_engine& engine, listening_fd fd) noexcept
    : engine_{engine}, fd_{std::move(fd)} {}

bool uring_listener::start(accept_op& accept) noexcept {
    if (try_accept(accept)) return true;
    if (!arm()) {
        accept.set_status(errc::out_of_memory);
        return true;
    }
    accepting_ = &accept;
    return false;
}

bool uring_listener::try_accept(accept_op& op) noexcept {
    native_socket socket;
    const errc status = posix::accept(fd_.get(), socket);
    if (status == errc::unavailable) return false;
    op.set_status(status);
    op.accepted(std::move(socket));
    return true;
}

bool uring_listener::arm() noexcept {
    io_uring_sqe* entry = nullptr;
    request_ = engine_.prepare(entry, *this, 0);
    if (request_ == nullptr) return false;
    io_uring_prep_poll_add(entry, fd_.get(), POLLIN);
    return true;
}

bool uring_listener::cancel(operation& pending) noexcept {
    abandon(pending);
    return true;
}

void uring_listener::abandon(operation&) noexcept {
    accepting_ = nullptr;
    engine_.cancel_now(*std::exchange(request_, nullptr));
}

void uring_listener::completed(int, int, std::uint32_t) noexcept {
    if (!try_accept(*accepting_)) {
        if (arm()) return;
        accepting_->set_status(errc::out_of_memory);
    }
    std::exchange(accepting_, nullptr)->on_complete();
}

bool uring_connect::start(uring_engine& engine, connect_op& op) noexcept {
    auto fd = posix::open(op);
    if (!fd) {
        op.set_status(fd.error().code());
        return true;
    }
    std::unique_ptr<uring_connect> made{new (std::nothrow)
                                            uring_connect{engine, op, std::move(*fd)}};
    if (!made || made->request_ == nullptr) {
        op.set_status(errc::out_of_memory);
        return true;
    }
    op.set_engine_data(made.release());
    return false;
}

uring_connect::uring_connect(uring_engine& engine, connect_op& op, unique_fd fd) noexcept
    : engine_{engine}, op_{op}, fd_{std::move(fd)}, to_{posix::to_address(op.to())} {
    io_uring_sqe* entry = nullptr;
    request_ = engine_.prepare(entry, *this, 0);
    if (request_ == nullptr) return;
    io_uring_prep_connect(entry, fd_.get(), to_.get(), to_.size);
}

uring_connect::~uring_connect() {
    if (request_ != nullptr) engine_.cancel_now(*request_);
}

void uring_connect::completed(int, int outcome, std::uint32_t) noexcept {
    request_ = nullptr;
    connect_op& op = op_;
    op.set_status(outcome == 0 ? errc{} : posix::code_of(-outcome));
    if (outcome == 0) {
        op.connected(native_socket{fd_.release(), posix::system_sockets(), op.take_to()});
    }
    delete this;
    op.on_complete();
}

}  // namespace weir::inline v0::io
