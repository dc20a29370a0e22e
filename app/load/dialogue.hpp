// One connection's side of a protocol, as a load generator needs it: bytes of requests, and which
// of them an answer answers. No sockets here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "weir/base/bytes.hpp"

namespace weir::app {

// What stands at the start of what has arrived.
struct heard {
    enum class kind : std::uint8_t {
        need_more,
        progress,   // bytes were consumed, and no answer is complete yet
        answered,   // the request in `place` has its answer
        malformed,  // the peer breaks the protocol: the connection ends
    };

    static heard of(kind what, std::size_t consumed = 0) noexcept {
        heard made;
        made.what = what;
        made.consumed = consumed;
        return made;
    }

    kind what = kind::need_more;
    std::size_t consumed = 0;
    std::size_t place = 0;
    std::size_t bytes = 0;     // of the answer, as it was sent
    std::string_view refusal;  // empty where the answer is a good one; until the next call
};

class dialogue {
public:
    dialogue(const dialogue&) = delete;
    dialogue& operator=(const dialogue&) = delete;
    virtual ~dialogue() = default;

    // What is sent before the first request.
    virtual std::string_view greeting() const noexcept { return {}; }
    // A request goes out now: its bytes, and the place that its answer will name, below the depth
    // of the load. Only where fewer than the depth are in flight.
    struct request {
        bytes_view bytes;
        std::size_t place = 0;
    };
    virtual request next() noexcept = 0;
    virtual heard read(bytes_view input) = 0;
    // No more bytes will come; an answer that this completes.
    virtual heard read_end() { return heard::of(heard::kind::malformed); }
    // Whether another request may go out on this connection.
    virtual bool goes_on() const noexcept = 0;
    // The peer takes no requests on this connection, and would take none on one that follows at
    // once.
    virtual bool turned_away() const noexcept { return false; }

protected:
    dialogue() = default;
};

// What all connections of a load say: makes their dialogues, and outlives them.
class script {
public:
    script(const script&) = delete;
    script& operator=(const script&) = delete;
    virtual ~script() = default;

    virtual std::unique_ptr<dialogue> begin(std::size_t depth) = 0;
    // "GET http://127.0.0.1:8080/vendors/080030"
    virtual std::string_view title() const noexcept = 0;

protected:
    script() = default;
};

}  // namespace weir::app
