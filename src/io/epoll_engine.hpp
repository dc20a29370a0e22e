// The engine over epoll: sockets are registered once, edge-triggered, and read until they say no.
//
// A read that returned less than there was room for has emptied the socket, so that a request costs
// one receive, one send, and its share of the wait; nothing is asked twice.
#pragma once

#include <array>
#include <cstdint>

#include <sys/epoll.h>

#include "weir/base/intrusive_list.hpp"
#include "weir/base/unique_fd.hpp"
#include "weir/io/engine.hpp"

#include "posix.hpp"

namespace weir::io {

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

// A socket whose data waits because the loop's memory budget for reading is used up.
class starved_reader : public list_hook<starved_reader> {
public:
    virtual void retry() noexcept = 0;

protected:
    ~starved_reader() = default;
};

class epoll_engine final : public engine {
public:
    explicit epoll_engine(slab_pool& slabs);
    ~epoll_engine() override;

    std::string_view name() const noexcept override { return "epoll"; }
    time_point now() noexcept override { return posix::monotonic_now(); }
    result<std::unique_ptr<listener>> listen(const endpoint& at,
                                             const listen_options& options) override;
    std::unique_ptr<transport> adopt(native_socket socket) override;
    bool start(connect_op& connect) noexcept override;
    bool cancel(operation& connect) noexcept override;
    void abandon(operation& connect) noexcept override;
    void poll(time_point until) noexcept override;
    void complete() noexcept override;
    void wake() noexcept override;

    // For the sources.
    void add(int fd, epoll_source& source, std::uint32_t events);
    void remove(int fd) noexcept;
    void forget(const epoll_source& source) noexcept;
    slab_pool& slabs() noexcept { return slabs_; }
    void starve(starved_reader& reader) noexcept;
    // Set while a source's events are handled, null once that source has died.
    bool still_there(const epoll_source& source) const noexcept { return current_ == &source; }

private:
    static constexpr int batch = 256;

    void feed_starved() noexcept;
    void drain_wakes() noexcept;

    slab_pool& slabs_;
    unique_fd epoll_;
    unique_fd event_;
    std::array<epoll_event, batch> events_{};
    int ready_ = 0;
    int next_ = 0;
    const epoll_source* current_ = nullptr;
    intrusive_list<starved_reader, starved_reader> starved_;
};

}  // namespace weir::io
