// Takes the chunked coding off a body (RFC 9112 section 7.1): data is handed on as views, sizes and
// extensions are checked, bounded and dropped. Trailers are checked, bounded, and handed on
// together at the end; they are never merged with the head's fields, so none of them can change how
// the message was framed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/lifetime.hpp"
#include "weir/base/transition_table.hpp"
#include "weir/http/limits.hpp"
#include "weir/http/violation.hpp"

namespace weir::inline v0::http {

class WEIR_API chunked_reader {
public:
    enum class state : std::uint8_t { size, data, data_end, trailers, complete, broken };
    enum class event : std::uint8_t {
        chunk_announced,
        last_chunk_announced,
        data_ended,
        chunk_ended,
        trailers_ended,
        violated,
        restarted,
    };

    static constexpr auto table = make_table<state::broken, event::restarted>({
        {state::size, event::chunk_announced, state::data},
        {state::size, event::last_chunk_announced, state::trailers},
        {state::size, event::violated, state::broken},
        {state::data, event::data_ended, state::data_end},
        {state::data_end, event::chunk_ended, state::size},
        {state::data_end, event::violated, state::broken},
        {state::trailers, event::trailers_ended, state::complete},
        {state::trailers, event::violated, state::broken},
        {state::complete, event::restarted, state::size},
    });
    static_assert(table.reaches_every_state_from(state::size));
    static_assert(table.leads_every_state_to(state::broken));
    static_assert(table.uses_every_event());

    // What a call to read() found. data is empty unless some has come; `consumed` counts it and
    // the framing before it. Of a broken body, `consumed` is the offset of the offending byte. Of a
    // complete one, trailers are the whole lines behind its last chunk.
    struct progress {
        state now = state::size;
        std::size_t consumed = 0;
        bytes_view data;
        bytes_view trailers;
        violation why = violation::none;
    };

    // input starts with the first byte that was not consumed. Lifetime: views into it.
    progress read(bytes_view input WEIR_LIFETIMEBOUND, const limits& bounds) noexcept;
    void restart() noexcept;

    state now() const noexcept { return state_; }
    // Bytes of data so far.
    std::uint64_t received() const noexcept { return received_; }

private:
    // Whether read() goes on: with what is left of the input, in the state that it is in then.
    bool step(in_state<state::size>, std::string_view rest, const limits&, progress&) noexcept;
    bool step(in_state<state::data>, std::string_view rest, const limits&, progress&) noexcept;
    bool step(in_state<state::data_end>, std::string_view rest, const limits&, progress&) noexcept;
    bool step(in_state<state::trailers>, std::string_view rest, const limits&, progress&) noexcept;
    bool step(in_state<state::complete>, std::string_view, const limits&, progress&) noexcept;
    bool step(in_state<state::broken>, std::string_view, const limits&, progress&) noexcept;
    bool announce(std::string_view line, const limits& bounds, progress& so_far) noexcept;
    bool refuse(violation why, std::size_t offset, progress& so_far) noexcept;
    bool line_incomplete(std::string_view rest, std::size_t limit) noexcept;

    void on(event what) noexcept { state_ = table.after(state_, what); }

    std::uint64_t left_ = 0;  // of the chunk at hand
    std::uint64_t received_ = 0;
    std::size_t scanned_ = 0;  // no line end in this many bytes of the line at hand
    std::uint32_t extension_bytes_ = 0;
    std::uint32_t trailer_bytes_ = 0;  // of whole lines; none of them is consumed before the end
    state state_ = state::size;
};

WEIR_API std::string_view to_string(chunked_reader::state which) noexcept;
WEIR_API std::string_view to_string(chunked_reader::event which) noexcept;

}  // namespace weir::inline v0::http
