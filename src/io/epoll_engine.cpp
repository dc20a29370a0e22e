#include "epoll_engine.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <sys/eventfd.h>
#include <unistd.h>

#include "epoll_sockets.hpp"

namespace weir::inline v0::io {
namespace {

// Long enough for the caches, short enough for the slabs that a batch holds at a time.
constexpr int batch_size = 32;

}  // namespace

epoll_source::~epoll_source() { engine_->forget(*this); }

epoll_engine::epoll_engine(slab_pool& slabs)
    : slabs_{slabs},
      epoll_{::epoll_create1(EPOLL_CLOEXEC)},
      event_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
    // Each write to the one, each ring of the other tells once more; nobody reads them.
    watch(event_.get(), nullptr, EPOLLIN);
    watch(alarm_.fd(), &alarm_, EPOLLIN);
}

epoll_engine::~epoll_engine() = default;

result<std::unique_ptr<listener>> epoll_engine::listen(const endpoint& at,
                                                       const listen_options& options) {
    auto fd = listening_fd::open(at, options);
    if (!fd) return std::unexpected{std::move(fd).error()};
    return std::make_unique<epoll_listener>(*this, std::move(*fd));
}

result<std::unique_ptr<listener>> epoll_engine::listen(listening_socket inherited,
                                                       const listen_options& options) {
    return std::make_unique<epoll_listener>(*this,
                                            listening_fd::inherit(std::move(inherited), options));
}

std::unique_ptr<transport> epoll_engine::adopt(native_socket socket) {
    return std::make_unique<epoll_socket>(*this, std::move(socket));
}

bool epoll_engine::start(connect_op& connect) noexcept {
    return epoll_connect::start(*this, connect);
}

bool epoll_engine::cancel(connect_op& connect) noexcept {
    abandon(connect);
    return true;
}

void epoll_engine::abandon(connect_op& connect) noexcept {
    delete static_cast<epoll_connect*>(connect.engine_data());
}

void epoll_engine::poll(time_point until) noexcept {
    if (!starved_.empty() && !slabs_.scarce()) until = at_once;
    if (until != at_once) alarm_.set(until);
    ready_ = posix::wait(epoll_.get(), events_, until == at_once ? 0 : -1);
    next_ = 0;
}

void epoll_engine::complete() noexcept {
    if (!starved_.empty()) feed_starved();
    do {
        look_at_batch();
        deliver_batch();
        send_batch();
    } while (next_ < ready_);
}

// Where memory for reading gets scarce, what has been received is dealt with first.
void epoll_engine::look_at_batch() noexcept {
    const int end = std::min(ready_, next_ + batch_size);
    while (next_ < end && (received_.empty() || !slabs_.scarce())) {
        const epoll_event event = events_[static_cast<std::size_t>(next_++)];
        if (event.data.ptr == &alarm_) {
            alarm_.rang();
        } else if (event.data.ptr != nullptr) {  // a wake-up, which has done its work
            static_cast<epoll_source*>(event.data.ptr)->ready(event.events);
        }
    }
}

void epoll_engine::deliver_batch() noexcept {
    batching_ = true;
    while (epoll_reader* reader = received_.try_pop_front()) reader->deliver();
    batching_ = false;
}

void epoll_engine::send_batch() noexcept {
    while (epoll_writer* writer = unsent_.try_pop_front()) writer->send_now();
}

void epoll_engine::wake() noexcept {
    const std::uint64_t one = 1;
    (void)!::write(event_.get(), &one, sizeof one);
}

void epoll_engine::add(int fd, epoll_source& source, std::uint32_t events) {
    watch(fd, &source, events);
}

void epoll_engine::watch(int fd, void* whom, std::uint32_t events) {
    epoll_event event{};
    event.events = events | EPOLLET;
    event.data.ptr = whom;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
        throw std::system_error{errno, std::generic_category(), "epoll_ctl"};
    }
}

void epoll_engine::remove(int fd) noexcept {
    (void)::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

void epoll_engine::forget(const epoll_source& source) noexcept {
    // What is left of the batch must not reach it. The wake-up's null is taken for one, harmlessly.
    for (int i = next_; i < ready_; ++i) {
        auto& event = events_[static_cast<std::size_t>(i)];
        if (event.data.ptr == &source) event.data.ptr = nullptr;
    }
}

void epoll_engine::starve(epoll_reader& reader) noexcept {
    if (!reader.linked()) starved_.push_back(reader);
    slabs_.evict_oldest();
}

void epoll_engine::feed_starved() noexcept {
    intrusive_list<epoll_reader, epoll_reader> now;
    now.take(starved_);
    while (!slabs_.scarce()) {
        epoll_reader* reader = now.try_pop_front();
        if (reader == nullptr) break;
        reader->retry();
    }
    starved_.take(now);
}

}  // namespace weir::inline v0::io
