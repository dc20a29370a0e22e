// Reads the body of one request from its connection, for the handler and, behind it, for the
// driver.
//
// Where the peer breaks the rules, is too slow or goes away, the reader keeps why, and stops the
// handler: nothing that it does with half a body is to count.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <source_location>
#include <string_view>

#include "weir/base/fence.hpp"
#include "weir/http/request_machine.hpp"
#include "weir/io/block.hpp"
#include "weir/net/connection.hpp"
#include "weir/task/task.hpp"

#include "body_pace.hpp"
#include "kept_trailers.hpp"

namespace weir::inline v0::http {

// What the views of a request end with.
inline constexpr std::string_view handlers_end = "the end of the request's handler";

class body_reader {
    using place = std::source_location;

public:
    enum class ending : std::uint8_t {
        none,       // the peer did nothing wrong so far
        violation,  // to be answered with status_of(why())
        too_slow,   // to be answered with 408
        gone,       // there is nobody to answer
    };

    body_reader() noexcept = default;
    body_reader(const body_reader&) = delete;
    body_reader& operator=(const body_reader&) = delete;

    // A request's head has been read and consumed; its bytes are pinned.
    void begin(net::connection& connection, request_machine& machine, request_head& head,
               const server_options& options) noexcept;
    // The node to stop where the body ends badly; null where nothing is left to be stopped.
    void stops(stop_node* handler) noexcept { handler_ = handler; }
    // Forgets the request.
    void end() noexcept {
        handler_ = nullptr;
        unconsumed_ = 0;
        drop_collected();
        trailers_.forget();
    }
    // Lets go of what all() has collected.
    void drop_collected() noexcept {
        if (!collected_.empty()) forget_collected();
    }

    // As request's.
    task<result<bytes_view>> next(place at = place::current());
    task<result<bytes_view>> all();
    bytes_view collected() const noexcept { return collected_; }
    std::string_view trailers() const noexcept { return trailers_.lines(); }

    // Waits for more input, within the body's pace.
    task<result<>> fill();
    // Whether input() lacks some of it, and nothing has gone wrong.
    bool awaits_more() noexcept;
    // Stops the handler, and has nobody answered, where the peer has finished and has sent less
    // than the body, as far as that is known without reading. To look through chunks that have not
    // been read takes memory for a copy of them; where there is none, they are not judged.
    void notice_end() noexcept;
    // Its answer has begun: who waits to be asked for the body is asked no more.
    void forgo_asking() noexcept { unasked_ = false; }
    // Whether input() has all that is left of it, as it should be.
    bool has_arrived() const noexcept;
    // Drops what is here of the body. False where more of it is to come.
    bool skip() noexcept;
    // Whether the rest of the body may be read and dropped, so that another request can follow.
    bool worth_draining(std::size_t limit) const noexcept;

    net::connection& connection() const noexcept { return *connection_; }
    bool complete() const noexcept { return complete_; }
    ending how() const noexcept { return how_; }
    violation why() const noexcept { return why_; }

private:
    action look(const fence::place& at) noexcept;
    void take(const action& step) noexcept;
    bool lacks_more_than(std::size_t coming) const noexcept;
    bool chunks_end_early(std::size_t coming) noexcept;
    bytes_view here() const noexcept { return connection_->input().subspan(unconsumed_); }
    action::kind behind_chunks(bytes_view pieces) const noexcept;
    void collect(bytes_view piece);
    void forget_collected() noexcept;
    error end_with(ending how, errc code) noexcept;
    error fill_failed(errc code) noexcept;

    net::connection* connection_ = nullptr;
    request_machine* machine_ = nullptr;
    request_head* head_ = nullptr;
    stop_node* handler_ = nullptr;
    std::optional<body_pace> pace_;
    std::size_t unconsumed_ = 0;  // of the piece that was handed out last
    place handed_out_;
    bytes_view collected_;
    net::pin first_piece_;
    // Of a body in several pieces: one of them.
    io::block block_;
    fence::string copy_;
    kept_trailers trailers_;
    bool unasked_ = false;
    bool complete_ = false;
    std::uint64_t seen_ = 0;  // of what was received, when more of the chunks was awaited
    bool all_here_ = false;   // its end, or what it is refused for, has been seen ahead
    bool all_read_ = false;
    ending how_ = ending::none;
    violation why_ = violation::none;
};

}  // namespace weir::inline v0::http
