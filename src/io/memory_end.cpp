#include "weir/io/memory_end.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <deque>
#include <vector>

namespace weir::inline v0::io {

// What goes one way, from its writer to its reader.
struct memory_end::direction {
    struct segment {
        time_point arrives;
        std::size_t size;
    };

    std::size_t size() const noexcept { return bytes.size() - head; }
    std::size_t arrived(time_point now) noexcept;
    void put(bytes_view more, time_point arrives);
    std::size_t peek(bytes_span into) const noexcept;
    void take(bytes_span into) noexcept;

    std::vector<std::byte> bytes;  // not read yet, from head on
    std::size_t head = 0;
    std::deque<segment> under_way;  // the last of them
    std::size_t under_way_size = 0;
    time_point ends = never;    // when the reader learns that no more will come
    time_point breaks = never;  // when the reader's side is reset
    bool reader_gone = false;
};

struct memory_end::stream {
    memory_stream_options options;
    std::array<direction, 2> towards;
};

std::size_t memory_end::direction::arrived(time_point now) noexcept {
    while (!under_way.empty() && under_way.front().arrives <= now) {
        under_way_size -= under_way.front().size;
        under_way.pop_front();
    }
    return size() - under_way_size;
}

void memory_end::direction::put(bytes_view more, time_point arrives) {
    bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::exchange(head, 0)));
    bytes.insert(bytes.end(), more.begin(), more.end());
    under_way.push_back({arrives, more.size()});
    under_way_size += more.size();
}

std::size_t memory_end::direction::peek(bytes_span into) const noexcept {
    const std::size_t most = std::min(into.size(), size());
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(head), most, into.begin());
    return most;
}

void memory_end::direction::take(bytes_span into) noexcept {
    assert(into.size() <= size() - under_way_size);
    head += peek(into);
}

memory_end::memory_end(std::shared_ptr<stream> stream, unsigned side) noexcept
    : stream_{std::move(stream)}, side_{side} {}

std::pair<memory_end, memory_end> memory_end::make_pair(const memory_stream_options& options) {
    auto made = std::make_shared<stream>();
    made->options = options;
    return {memory_end{made, 0}, memory_end{made, 1}};
}

memory_end::direction& memory_end::incoming() const noexcept { return stream_->towards[side_]; }
memory_end::direction& memory_end::outgoing() const noexcept { return stream_->towards[1 - side_]; }
bool memory_end::broken(time_point now) const noexcept { return breaks() <= now; }
time_point memory_end::breaks() const noexcept { return incoming().breaks; }

time_point memory_end::readable(time_point now) const noexcept {
    direction& in = incoming();
    if (broken(now) || in.arrived(now) > 0) return now;
    if (!in.under_way.empty()) return std::min(in.breaks, in.under_way.front().arrives);
    return std::min(in.breaks, in.ends);
}

std::optional<std::size_t> memory_end::left_before_end(time_point now) const noexcept {
    const direction& in = incoming();
    if (in.ends > now || broken(now)) return std::nullopt;
    return in.size();
}

std::size_t memory_end::peek(bytes_span into) const noexcept { return incoming().peek(into); }

time_point memory_end::writable(time_point now) const noexcept {
    const direction& out = outgoing();
    const bool space = out.size() < stream_->options.window;
    if (space || out.ends != never) return now;
    return incoming().breaks;
}

bool memory_end::receive(receive_op& receive, slab_pool& slabs, std::size_t most,
                         time_point now) noexcept {
    direction& in = incoming();
    if (broken(now)) {
        receive.set_status(errc::reset);
        return true;
    }
    const std::size_t size = std::min(in.arrived(now), most);
    if (size == 0) {
        if (in.size() > 0 || in.ends > now) return false;
        receive.set_status(errc::end_of_stream);
        return true;
    }
    if (!receive.into().empty()) {
        const auto into = receive.into().first(std::min(size, receive.into().size()));
        in.take(into);
        receive.received(into.size());
        return true;
    }
    slab taken = slabs.try_take();
    if (!taken) return false;
    const auto into = taken.room().first(std::min(size, taken.room().size()));
    in.take(into);
    receive.received(std::move(taken), into.size());
    return true;
}

bool memory_end::send(send_op& send, std::size_t most, time_point now) noexcept {
    direction& out = outgoing();
    if (broken(now) || out.ends != never) {
        send.set_status(broken(now) ? errc::reset : errc::closed);
        return true;
    }
    std::size_t space = std::min(most, stream_->options.window - out.size());
    while (!send.sent(0)) {
        const piece& next = send.pieces().front();
        const bytes_view all{static_cast<const std::byte*>(next.data), next.size};
        const auto part = all.first(std::min(all.size(), space));
        if (part.empty()) return false;
        const duration latency = stream_->options.latency;
        out.put(part, now + latency);
        // The network takes what nobody will read; only the answer to it tells.
        if (out.reader_gone) incoming().breaks = std::min(incoming().breaks, now + 2 * latency);
        space -= part.size();
        send.sent(part.size());
    }
    return true;
}

void memory_end::shutdown(time_point now) noexcept {
    direction& out = outgoing();
    out.ends = std::min(out.ends, now + stream_->options.latency);
}

void memory_end::close(time_point now) noexcept {
    if (incoming().size() > 0 && !broken(now)) return reset(now);
    incoming().reader_gone = true;
    shutdown(now);
}

void memory_end::reset(time_point now) noexcept {
    incoming().reader_gone = true;
    outgoing().breaks = std::min(outgoing().breaks, now + stream_->options.latency);
}

}  // namespace weir::inline v0::io
