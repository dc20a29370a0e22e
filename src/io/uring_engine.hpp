// The engine over io_uring: operations are queued and handed over with the next wait, so that a
// batch of ready connections costs one system call. The end of a send that nobody waits for does
// not end the loop's wait. Where there is hardly a batch, it is sent at once: one call more costs
// less than what queues it and takes its end.
//
// Receives take a slab from a ring of buffers when data has come: an idle connection holds none.
// Where the kernel can bound it, one entry receives many small messages (uring_inbox.hpp), and a
// connection that nobody reads takes one slab at most. Elsewhere, and where much comes at a time, a
// receive is armed when somebody waits for it.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include <liburing.h>

#include "weir/base/intrusive_list.hpp"
#include "weir/io/engine.hpp"

#include "alarm.hpp"
#include "posix.hpp"
#include "uring_ring.hpp"

namespace weir::inline v0::io {

// Who is told of a completion.
class uring_target {
public:
    virtual void completed(int kind, int outcome, std::uint32_t flags) noexcept = 0;
    // Of what it sends: whether somebody is to hear of the end as soon as that has come.
    virtual bool send_awaited() const noexcept { return true; }

protected:
    ~uring_target() = default;
};

// What the kernel knows an operation by. It stays until the kernel's last word, also when the
// target is gone by then.
struct uring_request {
    uring_target* target = nullptr;
    int kind = 0;
    uring_request* next = nullptr;  // of those that are free, or of those that end at once
};

// A receive that waits for a slab.
class starved_receive : public list_hook<starved_receive> {
public:
    // False where there is no memory for that.
    virtual bool rearm() noexcept = 0;

protected:
    ~starved_receive() = default;
};

class uring_engine final : public engine, uring_target {
public:
    // Throws std::system_error where the kernel refuses.
    explicit uring_engine(slab_pool& slabs);
    ~uring_engine() override = default;

    std::string_view name() const noexcept override { return "uring"; }
    std::string_view description() const noexcept override {
        return bounded_multishot_ ? "uring with multishot receive" : name();
    }
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

    // For the targets. A prepared entry goes to the kernel with the next wait. Null where there is
    // no memory for one more: errc::out_of_memory of that operation.
    uring_request* prepare(io_uring_sqe*& entry, uring_target& target, int kind) noexcept;
    // False where that takes memory and there is none, and the kernel has not been handed the
    // request: nothing has come of it, and it may be abandoned.
    bool cancel_later(uring_request& request) noexcept;
    // A prepared send which the kernel ends, one way or the other, when it is handed over.
    void ends_at_once(uring_request& send) noexcept {
        send.next = prompt_;
        prompt_ = &send;
    }
    // A receive that goes on until as many bytes have come as an inbox takes.
    bool has_bounded_multishot() const noexcept { return bounded_multishot_; }
    static void prepare_bounded_multishot(io_uring_sqe* entry, int fd) noexcept;
    // When this returns, the kernel has let go of what the request names.
    void cancel_now(uring_request& request) noexcept;
    slab_pool& slabs() noexcept { return slabs_; }
    // Whether a send goes at once: the first few of a turn in which hardly anything finished.
    bool sends_at_once() noexcept {
        if (at_once_ == 0) return false;
        --at_once_;
        return true;
    }
    // Slabs for the kernel to choose from; false where the budget is used up.
    bool offer_buffers() noexcept;
    void buffer_taken() noexcept { --offered_; }
    void starve(starved_receive& receive) noexcept;

private:
    static constexpr unsigned entries = 1024;
    static constexpr unsigned ring_buffers = 64;
    // A receive that meets none ends and is to be armed again. The kernel tells of some twenty at
    // first, and then of all the rest (6.18).
    static constexpr unsigned enough_buffers = 48;
    static constexpr unsigned batch = 256;
    // So many sends cost less at once than queued.
    static constexpr unsigned few = 2;

    // The engine's own requests.
    enum own : int { woken, rang };

    struct event {
        uring_request* request;
        int outcome;
        std::uint32_t flags;
    };

    static bool probe_bounded_multishot() noexcept;
    void begin() noexcept;
    bool watch_own() noexcept;
    bool watch(int kind) noexcept;
    void completed(int kind, int outcome, std::uint32_t flags) noexcept override;
    io_uring_sqe* free_entry() noexcept;
    io_uring_sqe* next_entry() noexcept;
    io_uring_sqe* hold_entry() noexcept;
    void queue_held() noexcept;
    io_uring_sqe* unsubmitted(const uring_request& request) noexcept;
    void cancel_submitted(uring_request& request) noexcept;
    uring_request* free_request() noexcept;
    void make_requests();
    int submit_and_wait(unsigned unawaited) noexcept;
    unsigned collect() noexcept;
    void dispatch(const event& event) noexcept;
    void recycle(uring_request& request) noexcept;
    bool feed_starved() noexcept;
    unsigned take_unawaited() noexcept;

    slab_pool& slabs_;
    uring_ring ring_;
    bool begun_ = false;
    std::array<bool, 2> watched_{};  // by kind
    bool bounded_multishot_;
    unique_fd event_;
    alarm alarm_;

    std::deque<io_uring_sqe> held_;  // behind a queue that is full and that the kernel did not take
    unsigned offered_ = 0;           // slabs in the ring of buffers

    std::array<event, batch> events_{};
    unsigned ready_ = 0;
    unsigned at_once_ = 0;
    std::vector<std::unique_ptr<std::array<uring_request, 256>>> requests_;
    uring_request* free_ = nullptr;
    uring_request* prompt_ = nullptr;  // since the last wait
    intrusive_list<starved_receive, starved_receive> starved_;
};

}  // namespace weir::inline v0::io
