// The engine over epoll: sockets are registered once, edge-triggered, and read until they say no.
//
// A read that returned less than there was room for has emptied the socket, so that a request costs
// one receive, one send, and its share of the wait; nothing is asked twice. What is ready is worked
// through in batches: first all receives of a batch, then all those who waited for them, then all
// that these want to send. The kernel's code and ours would throw each other out of the cache if
// they took turns at each connection.
#pragma once

#include <array>
#include <cstdint>

#include <sys/epoll.h>

#include "weir/base/intrusive_list.hpp"
#include "weir/base/unique_fd.hpp"
#include "weir/io/engine.hpp"

#include "alarm.hpp"
#include "posix.hpp"

namespace weir::inline v0::io {

class epoll_engine;

// Something registered with epoll. It may die while the engine works through a batch of events.
class epoll_source {
public:
    epoll_source(const epoll_source&) = delete;
    epoll_source& operator=(const epoll_source&) = delete;
    virtual void ready(std::uint32_t events) noexcept = 0;

protected:
    explicit epoll_source(epoll_engine& engine) noexcept : engine_{&engine} {}
    ~epoll_source();

    epoll_engine& engine() const noexcept { return *engine_; }

private:
    epoll_engine* engine_;
};

// A socket that somebody waits to read from, while it is in one of the engine's lists.
class epoll_reader : public list_hook<epoll_reader> {
public:
    // There is memory for reading again.
    virtual void retry() noexcept = 0;
    // Answers the receive that has finished.
    virtual void deliver() noexcept = 0;

protected:
    ~epoll_reader() = default;
};

// A socket with something to send, until the batch is through.
class epoll_writer : public list_hook<epoll_writer> {
public:
    virtual void send_now() noexcept = 0;

protected:
    ~epoll_writer() = default;
};

class epoll_engine final : public engine {
public:
    explicit epoll_engine(slab_pool& slabs);
    ~epoll_engine() override;

    std::string_view name() const noexcept override { return "epoll"; }
    time_point now() noexcept override { return posix::monotonic_now(); }
    std::uint64_t random() noexcept override { return posix::random(); }
    result<std::unique_ptr<listener>> listen(const endpoint& at,
                                             const listen_options& options) override;
    result<std::unique_ptr<listener>> listen(listening_socket inherited,
                                             const listen_options& options) override;
    std::unique_ptr<transport> adopt(native_socket socket) override;
    bool start(connect_op& connect) noexcept override;
    bool cancel(connect_op& connect) noexcept override;
    void abandon(connect_op& connect) noexcept override;
    void poll(time_point until) noexcept override;
    void complete() noexcept override;
    void wake() noexcept override;

    // For the sources.
    void add(int fd, epoll_source& source, std::uint32_t events);
    void remove(int fd) noexcept;
    void forget(const epoll_source& source) noexcept;
    slab_pool& slabs() noexcept { return slabs_; }
    // It waits until the loop has memory for reading again.
    void starve(epoll_reader& reader) noexcept;
    // Its receive has finished, and is answered when the batch's receives are through.
    void deliver_later(epoll_reader& reader) noexcept { received_.push_back(reader); }
    // Whether sends wait for the end of the batch.
    bool batching() const noexcept { return batching_; }
    void send_later(epoll_writer& writer) noexcept { unsent_.push_back(writer); }

private:
    static constexpr int most_events = 256;

    void watch(int fd, void* whom, std::uint32_t events);
    void feed_starved() noexcept;
    void look_at_batch() noexcept;
    void deliver_batch() noexcept;
    void send_batch() noexcept;

    slab_pool& slabs_;
    unique_fd epoll_;
    unique_fd event_;
    alarm alarm_;
    std::array<epoll_event, most_events> events_{};
    int ready_ = 0;
    int next_ = 0;
    intrusive_list<epoll_reader, epoll_reader> starved_;
    intrusive_list<epoll_reader, epoll_reader> received_;
    intrusive_list<epoll_writer, epoll_writer> unsent_;
    bool batching_ = false;
};

}  // namespace weir::inline v0::io
