#include "uring_engine.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <new>
#include <system_error>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "uring_inbox.hpp"
#include "uring_sockets.hpp"

namespace weir::inline v0::io {
namespace {

// That a socket is full is seen by then.
constexpr std::chrono::milliseconds longest_unseen{10};

// The kernel has no memory for what it is handed, most likely, and the queue stays as it is:
// without a pause the loop would do nothing else than ask again.
constexpr int refusal_pause_ms = 1;

// Not where a signal or a time limit ended the wait, or more has finished than there is room for.
bool refused(int outcome) noexcept {
    return outcome < 0 && outcome != -EINTR && outcome != -ETIME && outcome != -EBUSY;
}

}  // namespace

// A kernel that does not know the limits refuses them at once.
bool uring_engine::probe_bounded_multishot() noexcept {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return false;
    const unique_fd near{ends[0]};
    const unique_fd far{ends[1]};
    io_uring ring{};
    if (io_uring_queue_init(4, &ring, 0) < 0) return false;
    prepare_bounded_multishot(io_uring_get_sqe(&ring), near.get());
    io_uring_submit(&ring);
    io_uring_cqe* refused = nullptr;
    const bool waits = io_uring_peek_cqe(&ring, &refused) == -EAGAIN;
    io_uring_queue_exit(&ring);
    return waits;
}

void uring_engine::prepare_bounded_multishot(io_uring_sqe* entry, int fd) noexcept {
    io_uring_prep_recv_multishot(entry, fd, nullptr, uring_inbox::piece_bytes, 0);
    entry->file_index = uring_inbox::total_bytes;  // optlen, in newer headers
    entry->ioprio |= IORING_RECVSEND_POLL_FIRST;
    io_uring_sqe_set_flags(entry, IOSQE_BUFFER_SELECT);
    entry->buf_group = uring_ring::buffer_group;
}

uring_engine::uring_engine(slab_pool& slabs)
    : slabs_{slabs},
      ring_{entries, ring_buffers},
      bounded_multishot_{probe_bounded_multishot()},
      event_{::eventfd(0, EFD_CLOEXEC)} {
    if (!event_) throw std::system_error{errno, std::generic_category(), "eventfd"};
}

void uring_engine::begin() noexcept {
    if (begun_) return;
    begun_ = true;
    io_uring_enable_rings(ring_.get());
    // Spares each call the look-up; it does without as well.
    io_uring_register_ring_fd(ring_.get());
}

// False where there is no memory for that.
bool uring_engine::watch_own() noexcept { return watch(woken) && watch(rang); }

// Each write to the one, each ring of the other completes its poll once more; nobody reads them.
bool uring_engine::watch(int kind) noexcept {
    bool& watched = watched_[static_cast<std::size_t>(kind)];
    if (watched) return true;
    io_uring_sqe* entry = nullptr;
    if (prepare(entry, *this, kind) == nullptr) return false;
    io_uring_prep_poll_multishot(entry, kind == woken ? event_.get() : alarm_.fd(), POLLIN);
    return watched = true;
}

void uring_engine::completed(int kind, int, std::uint32_t flags) noexcept {
    if (kind == rang) alarm_.rang();
    watched_[static_cast<std::size_t>(kind)] = (flags & IORING_CQE_F_MORE) != 0;
}

void uring_engine::wake() noexcept {
    const std::uint64_t one = 1;
    (void)!::write(event_.get(), &one, sizeof one);
}

result<std::unique_ptr<listener>> uring_engine::listen(const endpoint& at,
                                                       const listen_options& options) {
    auto fd = listening_fd::open(at, options);
    if (!fd) return std::unexpected{std::move(fd).error()};
    return std::make_unique<uring_listener>(*this, std::move(*fd));
}

result<std::unique_ptr<listener>> uring_engine::listen(listening_socket inherited,
                                                       const listen_options& options) {
    return std::make_unique<uring_listener>(*this,
                                            listening_fd::inherit(std::move(inherited), options));
}

std::unique_ptr<transport> uring_engine::adopt(native_socket socket) {
    return std::make_unique<uring_socket>(*this, std::move(socket));
}

bool uring_engine::start(connect_op& connect) noexcept {
    return uring_connect::start(*this, connect);
}

bool uring_engine::cancel(connect_op& connect) noexcept {
    if (static_cast<uring_connect*>(connect.engine_data())->cancel()) return false;
    abandon(connect);
    return true;
}

void uring_engine::abandon(connect_op& connect) noexcept {
    delete static_cast<uring_connect*>(connect.engine_data());
}

// What the kernel has no memory for stays in the queue; poll() hands it over later.
io_uring_sqe* uring_engine::free_entry() noexcept {
    io_uring_sqe* entry = io_uring_get_sqe(ring_.get());
    if (entry != nullptr) return entry;
    io_uring_submit(ring_.get());  // the queue is full: hand it over now
    return io_uring_get_sqe(ring_.get());
}

io_uring_sqe* uring_engine::next_entry() noexcept {
    io_uring_sqe* const entry = held_.empty() ? free_entry() : nullptr;
    return entry != nullptr ? entry : hold_entry();
}

io_uring_sqe* uring_engine::hold_entry() noexcept {
    try {
        return &held_.emplace_back();
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

void uring_engine::queue_held() noexcept {
    while (!held_.empty()) {
        io_uring_sqe* const entry = free_entry();
        if (entry == nullptr) return;
        *entry = held_.front();
        held_.pop_front();
    }
}

// Of a request that the kernel has not been handed yet.
io_uring_sqe* uring_engine::unsubmitted(const uring_request& request) noexcept {
    const auto data = reinterpret_cast<std::uintptr_t>(&request);
    const io_uring_sq& queue = ring_.get()->sq;
    for (unsigned at = *queue.khead; at != queue.sqe_tail; ++at) {
        io_uring_sqe& entry = queue.sqes[at & queue.ring_mask];
        if (entry.user_data == data) return &entry;
    }
    const auto held = std::ranges::find(held_, data, &io_uring_sqe::user_data);
    return held != held_.end() ? &*held : nullptr;
}

uring_request* uring_engine::prepare(io_uring_sqe*& entry, uring_target& target,
                                     int kind) noexcept {
    begin();
    uring_request* const request = free_request();
    if (request == nullptr) return nullptr;
    entry = next_entry();
    if (entry == nullptr) return nullptr;
    free_ = request->next;
    request->target = &target;
    request->kind = kind;
    // The caller's io_uring_prep_*() leaves user_data as it is.
    io_uring_sqe_set_data(entry, request);
    return request;
}

uring_request* uring_engine::free_request() noexcept {
    if (free_ != nullptr) return free_;
    try {
        make_requests();
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
    return free_;
}

void uring_engine::make_requests() {
    auto& more = *requests_.emplace_back(std::make_unique<std::array<uring_request, 256>>());
    for (uring_request& request : more) {
        request.next = free_;
        free_ = &request;
    }
}

void uring_engine::recycle(uring_request& request) noexcept {
    request.target = nullptr;
    request.next = free_;
    free_ = &request;
}

bool uring_engine::cancel_later(uring_request& request) noexcept {
    // It reaches the kernel before any later entry can use the same request again.
    io_uring_sqe* entry = next_entry();
    if (entry == nullptr) {
        if (unsubmitted(request) != nullptr) return false;
        cancel_submitted(request);
        return true;
    }
    io_uring_prep_cancel(entry, &request, 0);
    io_uring_sqe_set_data(entry, nullptr);
    io_uring_sqe_set_flags(entry, IOSQE_CQE_SKIP_SUCCESS);
    return true;
}

void uring_engine::cancel_now(uring_request& request) noexcept {
    request.target = nullptr;
    // What the kernel does not know of must not be handed over later, and needs no call.
    if (io_uring_sqe* const entry = unsubmitted(request)) return io_uring_prep_nop(entry);
    cancel_submitted(request);
}

// Its end, if it has not come, comes as any other's.
void uring_engine::cancel_submitted(uring_request& request) noexcept {
    io_uring_sync_cancel_reg which{};
    which.addr = reinterpret_cast<std::uintptr_t>(&request);
    which.fd = -1;
    which.timeout.tv_sec = -1;
    which.timeout.tv_nsec = -1;
    // It waits for what is being worked on, and a signal ends that wait, not the work. It takes no
    // memory and has no time limit: whatever else it says, nothing is under way any more.
    while (io_uring_register_sync_cancel(ring_.get(), &which) == -EINTR) continue;
}

bool uring_engine::offer_buffers() noexcept {
    const int mask = io_uring_buf_ring_mask(ring_buffers);
    int added = 0;
    while (offered_ < ring_buffers && !slabs_.scarce()) {
        slab slab = slabs_.try_take();
        if (!slab) break;
        const bytes_span room = slab.room();
        io_uring_buf_ring_add(ring_.buffers(), room.data(), static_cast<unsigned>(room.size()),
                              static_cast<unsigned short>(slab.release()), mask, added++);
        ++offered_;
    }
    if (added > 0) io_uring_buf_ring_advance(ring_.buffers(), added);
    return offered_ > 0;
}

void uring_engine::starve(starved_receive& receive) noexcept {
    if (!receive.linked()) starved_.push_back(receive);
    slabs_.evict_oldest();
}

// False where there is no memory for that.
bool uring_engine::feed_starved() noexcept {
    while (!starved_.empty() && offer_buffers()) {
        starved_receive& first = *starved_.try_pop_front();
        if (first.rearm()) continue;
        starved_.push_front(first);
        return false;
    }
    return true;
}

void uring_engine::poll(time_point until) noexcept {
    begin();
    const bool armed = watch_own() && feed_starved();
    if (offered_ < enough_buffers) offer_buffers();
    queue_held();
    const unsigned unawaited = take_unawaited();
    // What is held would not be handed over as long as the wait lasts, nor armed what is not.
    const bool waits = until != at_once && held_.empty() && armed;
    if (waits) alarm_.set(until);
    const int outcome =
        waits ? submit_and_wait(unawaited) : io_uring_submit_and_get_events(ring_.get());
    if (refused(outcome) || !armed) ::poll(nullptr, 0, refusal_pause_ms);
    ready_ = collect();
    at_once_ = ready_ <= few ? few : 0;
}

// How many sends end with the hand-over and nobody waits for it: a wait for so many ends more ends
// with something else.
unsigned uring_engine::take_unawaited() noexcept {
    unsigned count = 0;
    for (uring_request* each = std::exchange(prompt_, nullptr); each != nullptr; each = each->next)
        if (each->target != nullptr && !each->target->send_awaited()) ++count;
    return std::min(count, entries);
}

// A send that met a full socket has ended as well, and is to be armed again: then the wait is for
// one end too many, and is cut off.
int uring_engine::submit_and_wait(unsigned unawaited) noexcept {
    if (unawaited == 0) return io_uring_submit_and_wait(ring_.get(), 1);
    __kernel_timespec longest{0, std::chrono::nanoseconds{longest_unseen}.count()};
    io_uring_cqe* first = nullptr;
    return io_uring_submit_and_wait_timeout(ring_.get(), &first, 1 + unawaited, &longest, nullptr);
}

unsigned uring_engine::collect() noexcept {
    unsigned count = 0;
    unsigned head = 0;
    const io_uring_cqe* done = nullptr;
    io_uring_for_each_cqe(ring_.get(), head, done) {
        if (count == batch) break;
        events_[count++] = {static_cast<uring_request*>(io_uring_cqe_get_data(done)), done->res,
                            done->flags};
    }
    io_uring_cq_advance(ring_.get(), count);
    return count;
}

void uring_engine::complete() noexcept {
    for (unsigned i = 0; i < ready_; ++i) dispatch(events_[i]);
    ready_ = 0;
}

void uring_engine::dispatch(const event& event) noexcept {
    if (event.request == nullptr) return;  // a cancellation that came too late
    uring_target* target = event.request->target;
    const int kind = event.request->kind;
    if ((event.flags & IORING_CQE_F_MORE) == 0) recycle(*event.request);
    if ((event.flags & IORING_CQE_F_BUFFER) != 0) buffer_taken();
    if (target != nullptr) {
        target->completed(kind, event.outcome, event.flags);
    } else if ((event.flags & IORING_CQE_F_BUFFER) != 0) {
        // Received for nobody: the slab goes back.
        slabs_.adopt(event.flags >> IORING_CQE_BUFFER_SHIFT);
    }
}

}  // namespace weir::inline v0::io
