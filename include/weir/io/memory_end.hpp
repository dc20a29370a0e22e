// One end of a stream of bytes in memory: bounded both ways, with TCP's manners.
//
// What the transport pair in memory and the simulated network are made of. It holds bytes and knows
// what an operation would answer; who waits for what is its owner's business. Time is a parameter:
// what is sent can be read one latency later. Both ends of a stream belong to one thread.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

#include "weir/base/api.hpp"
#include "weir/base/clock.hpp"
#include "weir/io/operation.hpp"
#include "weir/io/slab.hpp"

namespace weir::inline v0::io {

struct memory_stream_options {
    memory_stream_options() = default;
    // What one end may send before the other reads: at least 1.
    std::size_t window = std::size_t{64} * 1024;
    duration latency{};
};

class WEIR_API memory_end {
public:
    // Throws std::bad_alloc.
    static std::pair<memory_end, memory_end> make_pair(const memory_stream_options& options);
    // Its owner ends it by close() or reset(); what is merely dropped stays open to the other end.
    memory_end(memory_end&&) noexcept = default;
    memory_end& operator=(memory_end&&) noexcept = default;
    ~memory_end() = default;

    // When, as things stand, a receive would answer (with bytes, the end, or an error) or a send
    // would get further: now or earlier, some time to come, or never.
    time_point readable(time_point now) const noexcept;
    time_point writable(time_point now) const noexcept;
    // When, as things stand, this end learns that the stream is broken; never where it is not.
    time_point breaks() const noexcept;

    // What is still to be read before the end, where the other end has finished and this one knows.
    std::optional<std::size_t> left_before_end(time_point now) const noexcept;
    // Copies the first of it, and leaves it to be read. How many bytes.
    std::size_t peek(bytes_span into) const noexcept;

    // Go on as far as they can, at most so many bytes further; true: finished. A receive that is to
    // be given a slab and finds none is not finished. After the end of the stream each receive
    // answers with it again; a send after shutdown() is errc::closed, to a broken stream
    // errc::reset.
    bool receive(receive_op& receive, slab_pool& slabs, std::size_t most, time_point now) noexcept;
    bool send(send_op& send, std::size_t most, time_point now) noexcept;

    // The other end reads what was sent, then the end of the stream.
    void shutdown(time_point now) noexcept;
    // As shutdown(); what the other end sends from now on breaks the stream. Where bytes have not
    // been read here, it breaks at once.
    void close(time_point now) noexcept;
    // Breaks the stream: the other end gets errc::reset and loses what it has not read. That is
    // harsher than Linux and what TCP allows, so that nobody comes to count on the kinder case.
    void reset(time_point now) noexcept;

private:
    struct stream;
    struct direction;
    memory_end(std::shared_ptr<stream> stream, unsigned side) noexcept;
    direction& incoming() const noexcept;
    direction& outgoing() const noexcept;
    bool broken(time_point now) const noexcept;

    std::shared_ptr<stream> stream_;
    unsigned side_;
};

}  // namespace weir::inline v0::io
