#include "epoll_sockets.hpp"

#include <cerrno>
#include <utility>

namespace weir::inline v0::io {

epoll_socket::epoll_socket(epoll_engine& engine, native_socket socket)
    : epoll_source{engine}, fd_{socket.release()}, peer_{socket.peer()} {
    engine.add(fd_.get(), *this, EPOLLIN | EPOLLOUT | EPOLLRDHUP);
}

bool epoll_socket::start(receive_op& receive) noexcept {
    if (may_read_ && try_receive(receive)) return true;
    receiving_ = &receive;
    return false;
}

bool epoll_socket::start(send_op& send) noexcept {
    const bool later = engine().batching();
    if (!later && try_send(send)) return true;
    sending_ = &send;
    if (later) engine().send_later(*this);
    return false;
}

bool epoll_socket::start(break_op& watch) noexcept {
    if (!broken_) {
        watching_ = &watch;
        return false;
    }
    watch.set_status(errc::reset);
    return true;
}

bool epoll_socket::cancel(operation& pending) noexcept {
    if (&pending == receiving_ && received_) return false;
    abandon(pending);
    return true;
}

void epoll_socket::abandon(operation& pending) noexcept {
    if (&pending == receiving_) {
        receiving_ = nullptr;
        received_ = false;
        epoll_reader::unlink();
    } else if (&pending == watching_) {
        watching_ = nullptr;
    } else {
        sending_ = nullptr;
        epoll_writer::unlink();
    }
}

std::optional<std::size_t> epoll_socket::left_before_end() const noexcept {
    if (!ended_) return std::nullopt;
    return posix::left_before_end(fd_.get());
}

std::size_t epoll_socket::peek(bytes_span into) const noexcept {
    return posix::peek(fd_.get(), into);
}

void epoll_socket::shutdown() noexcept { ::shutdown(fd_.get(), SHUT_WR); }

void epoll_socket::abort() noexcept { posix::set_abort(fd_.get()); }

void epoll_socket::ready(std::uint32_t events) noexcept {
    constexpr std::uint32_t gone = EPOLLRDHUP | EPOLLHUP | EPOLLERR;
    if ((events & (EPOLLIN | gone)) != 0) may_read_ = true;
    if ((events & gone) != 0) ended_ = true;
    const bool may_write = (events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0;
    if (may_write && sending_ != nullptr && !epoll_writer::linked()) engine().send_later(*this);
    if (may_read_ && receiving_ != nullptr && !epoll_reader::linked()) retry();
    if ((events & (EPOLLHUP | EPOLLERR)) != 0) broke();
}

// This may be gone when it returns.
void epoll_socket::broke() noexcept {
    broken_ = true;
    if (watching_ == nullptr) return;
    watching_->set_status(errc::reset);
    std::exchange(watching_, nullptr)->on_complete();
}

void epoll_socket::retry() noexcept {
    received_ = try_receive(*receiving_);
    if (received_) engine().deliver_later(*this);
}

void epoll_socket::deliver() noexcept {
    received_ = false;
    std::exchange(receiving_, nullptr)->on_complete();
}

void epoll_socket::send_now() noexcept {
    if (try_send(*sending_)) std::exchange(sending_, nullptr)->on_complete();
}

bool epoll_socket::try_receive(receive_op& op) noexcept {
    std::size_t size = 0;
    std::size_t room = op.into().size();
    errc status{};
    if (room > 0) {
        status = posix::receive(fd_.get(), op.into(), size);
        op.received(size);
    } else {
        slab slab = engine().slabs().scarce() ? io::slab{} : engine().slabs().try_take();
        if (!slab) {
            engine().starve(*this);
            return false;
        }
        room = slab.room().size();
        status = posix::receive(fd_.get(), slab.room(), size);
        if (size > 0) op.received(std::move(slab), size);
    }
    if (status == errc::end_of_stream) ended_ = true;
    // Less than there was room for: the socket is empty, and an edge will tell when it is not.
    if (size < room) may_read_ = ended_;
    if (status == errc::unavailable) return false;
    op.set_status(status);
    return true;
}

bool epoll_socket::try_send(send_op& op) noexcept {
    const errc status = posix::send(fd_.get(), op);
    if (status == errc::unavailable) return false;
    op.set_status(status);
    return true;
}

epoll_listener::epoll_listener(epoll_engine& engine, listening_fd fd)
    : epoll_source{engine}, fd_{std::move(fd)} {
    engine.add(fd_.get(), *this, EPOLLIN);
}

// epoll watches the socket, not the descriptor: of a shared one it would go on to tell.
epoll_listener::~epoll_listener() { engine().remove(fd_.get()); }

bool epoll_listener::start(accept_op& accept) noexcept {
    if (try_accept(accept)) return true;
    accepting_ = &accept;
    return false;
}

bool epoll_listener::try_accept(accept_op& op) noexcept {
    native_socket socket;
    const errc status = posix::accept(fd_.get(), socket);
    if (status == errc::unavailable) return false;
    op.set_status(status);
    op.accepted(std::move(socket));
    return true;
}

bool epoll_listener::cancel(operation&) noexcept {
    accepting_ = nullptr;
    return true;
}

void epoll_listener::abandon(operation&) noexcept { accepting_ = nullptr; }

void epoll_listener::ready(std::uint32_t) noexcept {
    if (accepting_ != nullptr && try_accept(*accepting_)) {
        std::exchange(accepting_, nullptr)->on_complete();
    }
}

bool epoll_connect::start(epoll_engine& engine, connect_op& op) noexcept {
    const auto done = [&op](errc status) {
        op.set_status(status);
        return true;
    };
    auto fd = posix::open(op);
    if (!fd) return done(fd.error().code());
    posix::address to = posix::to_address(op.to());
    if (::connect(fd->get(), to.get(), to.size) == 0) {
        op.connected(native_socket{fd->release(), posix::system_sockets(), op.take_to()});
        return done(errc{});
    }
    if (errno != EINPROGRESS) return done(posix::code_of(errno));
    try {
        op.set_engine_data(new epoll_connect{engine, op, std::move(*fd)});
    } catch (...) {
        return done(errc::out_of_memory);
    }
    return false;
}

epoll_connect::epoll_connect(epoll_engine& engine, connect_op& op, unique_fd fd)
    : epoll_source{engine}, op_{&op}, fd_{std::move(fd)} {
    engine.add(fd_.get(), *this, EPOLLOUT);
}

void epoll_connect::ready(std::uint32_t) noexcept {
    int problem = 0;
    socklen_t size = sizeof problem;
    ::getsockopt(fd_.get(), SOL_SOCKET, SO_ERROR, &problem, &size);
    connect_op* op = op_;
    op->set_status(problem == 0 ? errc{} : posix::code_of(problem));
    if (problem == 0) {
        // The next loop registers it anew; it may be another one's.
        engine().remove(fd_.get());
        op->connected(native_socket{fd_.release(), posix::system_sockets(), op->take_to()});
    }
    delete this;
    op->on_complete();
}

}  // namespace weir::inline v0::io
