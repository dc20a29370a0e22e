#include "weir/io/memory_pair.hpp"

#include <cassert>
#include <limits>

namespace weir::inline v0::io {
namespace {

constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();
constexpr duration starved_retry = std::chrono::milliseconds{1};

class memory_transport;

// Where the two ends find each other; null where one has gone.
struct memory_link {
    memory_transport* ends[2] = {nullptr, nullptr};

    void nudge() noexcept;
};

// Waits for one operation of one end, and completes it from the scheduler's queue.
template <class Op>
class waiting final : public runnable, public timer {
public:
    explicit waiting(memory_transport& owner) noexcept : owner_{&owner} {}

    bool pending(const operation& op) const noexcept { return op_ == &op; }
    bool pending() const noexcept { return op_ != nullptr; }
    void begin(Op& op) noexcept {
        assert(!pending() && "one of each kind at a time");
        op_ = &op;
    }
    void end() noexcept {
        op_ = nullptr;
        runnable::unlink();
        timer::unlink();
    }
    bool queued() const noexcept { return runnable::linked(); }

private:
    void run() noexcept override;
    void on_expiry() noexcept override;

    memory_transport* owner_;
    Op* op_ = nullptr;
};

class memory_transport final : public transport {
public:
    memory_transport(scheduler& scheduler, slab_pool& slabs, memory_end end,
                     std::shared_ptr<memory_link> link) noexcept
        : scheduler_{&scheduler}, slabs_{&slabs}, end_{std::move(end)}, link_{std::move(link)} {}
    ~memory_transport() override;

    bool start(receive_op& receive) noexcept override { return start(receive, receiving_); }
    bool start(send_op& send) noexcept override { return start(send, sending_); }
    bool start(break_op& watch) noexcept override { return start(watch, watching_); }
    bool cancel(operation& pending) noexcept override {
        abandon(pending);
        return true;
    }
    void abandon(operation& pending) noexcept override;
    std::optional<std::size_t> left_before_end() const noexcept override {
        return end_.left_before_end(now());
    }
    std::size_t peek(bytes_span into) const noexcept override { return end_.peek(into); }
    void shutdown() noexcept override;
    void abort() noexcept override { aborted_ = true; }
    const endpoint& peer() const noexcept override { return peer_; }

    bool try_finish(receive_op& receive) noexcept;
    bool try_finish(send_op& send) noexcept;
    bool try_finish(break_op& watch) noexcept;
    // Queues what may get further now.
    void nudge() noexcept;
    void schedule(runnable& item) noexcept { scheduler_->schedule(item); }

private:
    template <class Op>
    bool start(Op& op, waiting<Op>& slot) noexcept;
    time_point now() const noexcept { return scheduler_->now(); }

    scheduler* scheduler_;
    slab_pool* slabs_;
    memory_end end_;
    std::shared_ptr<memory_link> link_;
    waiting<receive_op> receiving_{*this};
    waiting<send_op> sending_{*this};
    waiting<break_op> watching_{*this};
    endpoint peer_;
    bool aborted_ = false;
    bool starved_ = false;
};

void memory_link::nudge() noexcept {
    for (memory_transport* end : ends) {
        if (end != nullptr) end->nudge();
    }
}

template <class Op>
void waiting<Op>::run() noexcept {
    if (!owner_->try_finish(*op_)) return;
    Op* finished = op_;
    end();
    finished->on_complete();  // the transport may be gone when this returns
}

template <class Op>
void waiting<Op>::on_expiry() noexcept {
    if (!queued()) owner_->schedule(*this);
}

memory_transport::~memory_transport() {
    assert(!receiving_.pending() && !sending_.pending() && !watching_.pending());
    if (aborted_) {
        end_.reset(now());
    } else {
        end_.close(now());
    }
    for (memory_transport*& end : link_->ends) {
        if (end == this) end = nullptr;
    }
    link_->nudge();
}

template <class Op>
bool memory_transport::start(Op& op, waiting<Op>& slot) noexcept {
    slot.begin(op);
    if (!try_finish(op)) return false;
    slot.end();
    return true;
}

void memory_transport::abandon(operation& pending) noexcept {
    if (receiving_.pending(pending)) receiving_.end();
    if (sending_.pending(pending)) sending_.end();
    if (watching_.pending(pending)) watching_.end();
}

void memory_transport::shutdown() noexcept {
    end_.shutdown(now());
    link_->nudge();
}

bool memory_transport::try_finish(receive_op& receive) noexcept {
    const bool wants_slab = receive.into().empty() && end_.readable(now()) <= now();
    if (wants_slab && slabs_->scarce()) {
        scheduler_->arm(receiving_, now() + starved_retry);
        if (!std::exchange(starved_, true)) slabs_->evict_oldest();
        return false;
    }
    starved_ = false;
    const bool finished = end_.receive(receive, *slabs_, no_limit, now());
    if (finished) link_->nudge();
    return finished;
}

bool memory_transport::try_finish(send_op& send) noexcept {
    const bool finished = end_.send(send, no_limit, now());
    link_->nudge();
    return finished;
}

bool memory_transport::try_finish(break_op& watch) noexcept {
    watch.set_status(errc::reset);
    return end_.breaks() <= now();
}

void memory_transport::nudge() noexcept {
    const auto queue = [&](auto& slot) {
        if (slot.pending() && !slot.queued()) scheduler_->schedule(slot);
    };
    // A starved receive waits for its timer.
    if (!receiving_.armed() && end_.readable(now()) <= now()) queue(receiving_);
    if (end_.writable(now()) <= now()) queue(sending_);
    if (end_.breaks() <= now()) queue(watching_);
}

}  // namespace

memory_pair make_memory_pair(scheduler& scheduler, slab_pool& slabs,
                             const memory_pair_options& options) {
    memory_stream_options stream;
    stream.window = options.window;
    auto [left, right] = memory_end::make_pair(stream);
    const auto link = std::make_shared<memory_link>();
    auto first = std::make_unique<memory_transport>(scheduler, slabs, std::move(left), link);
    auto second = std::make_unique<memory_transport>(scheduler, slabs, std::move(right), link);
    link->ends[0] = first.get();
    link->ends[1] = second.get();
    return {std::move(first), std::move(second)};
}

}  // namespace weir::inline v0::io
