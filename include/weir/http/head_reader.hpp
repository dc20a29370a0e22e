// Reads a message's start line and fields, however they arrive in pieces.
//
// A line is parsed in one pass while it is looked for. Where its end has not come yet, the reader
// remembers how far it has looked, so that a head that arrives byte by byte is still read in linear
// time. Verdicts depend on whole lines only (or on their exceeding a limit), never on where the
// input was cut: the same bytes give the same verdict at the same offset at every split.
// Requests and responses differ in their start lines only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/transition_table.hpp"
#include "weir/http/limits.hpp"
#include "weir/http/received_head.hpp"
#include "weir/http/request_head.hpp"
#include "weir/http/violation.hpp"

namespace weir::inline v0::http {

class WEIR_API head_reader {
public:
    enum class state : std::uint8_t {
        before_message,
        start_line,
        fields,
        complete,
        broken,
    };
    enum class event : std::uint8_t {
        first_byte,
        start_line_ended,
        fields_ended,
        violated,
        restarted,
    };

    static constexpr auto table = make_table<state::broken, event::restarted>({
        {state::before_message, event::first_byte, state::start_line},
        {state::before_message, event::violated, state::broken},
        {state::start_line, event::start_line_ended, state::fields},
        {state::start_line, event::violated, state::broken},
        {state::fields, event::fields_ended, state::complete},
        {state::fields, event::violated, state::broken},
        {state::complete, event::restarted, state::before_message},
    });
    static_assert(table.reaches_every_state_from(state::before_message));
    static_assert(table.leads_every_state_to(state::broken));
    static_assert(table.uses_every_event());

    // input starts, at every call, with the first byte of the message; only its end grows. It may
    // lie elsewhere than at the last call. The head must be the same, and reset when a message
    // begins.
    state read(std::string_view input, request_head& head, const limits& bounds) noexcept;
    state read(std::string_view input, received_head& head, const limits& bounds) noexcept;
    void restart() noexcept;

    bool begun() const noexcept { return state_ != state::before_message; }
    // Bytes that the complete head takes.
    std::size_t length() const noexcept { return line_; }
    // Of a broken head: what, and at which byte.
    violation why() const noexcept { return why_; }
    std::size_t offset() const noexcept { return offset_; }

private:
    enum class line_end : std::uint8_t { found, missing, too_far };

    template <class Head>
    state read_head(std::string_view input, Head& head, const limits& bounds) noexcept;
    // Each goes on with the next as far as the input reaches.
    template <class Head>
    void step(in_state<state::before_message>, std::string_view, Head&, const limits&) noexcept;
    template <class Head>
    void step(in_state<state::start_line>, std::string_view, Head&, const limits&) noexcept;
    template <class Head>
    void step(in_state<state::fields>, std::string_view, Head&, const limits&) noexcept;
    template <class Head>
    void step(in_state<state::complete>, std::string_view, Head&, const limits&) noexcept {}
    template <class Head>
    void step(in_state<state::broken>, std::string_view, Head&, const limits&) noexcept {}
    bool read_beginning(std::string_view input, const request_head&) noexcept;
    bool read_beginning(std::string_view input, const received_head&) noexcept;
    bool read_start_line(std::string_view input, request_head& head, const limits&) noexcept;
    bool read_start_line(std::string_view input, received_head& head, const limits&) noexcept;
    void end_start_line(std::string_view input, const char* next) noexcept;
    bool repeat_fields(std::string_view input, request_head& head, const limits&) noexcept;
    static bool repeat_fields(std::string_view, const received_head&, const limits&) noexcept {
        return false;
    }
    void remember_fields(std::string_view input, request_head& head) const noexcept;
    static void remember_fields(std::string_view, const received_head&) noexcept {}
    bool skim_fields(std::string_view input, message_head& head, const limits&) noexcept;
    bool read_field(std::string_view input, message_head& head, const limits&) noexcept;
    bool end_fields(const message_head& head) noexcept;
    bool refuse_long_request_line(std::string_view start, const limits& bounds) noexcept;
    bool refuse_fields(const limits& bounds) noexcept;
    bool refuse(violation why, std::size_t offset) noexcept;
    line_end find_line_end(std::string_view input, std::size_t limit) noexcept;

    void on(event what) noexcept { state_ = table.after(state_, what); }

    const char* base_ = nullptr;
    std::size_t line_ = 0;     // where the line that is being read starts
    std::size_t scanned_ = 0;  // no line end from line_ to here
    std::size_t fields_ = 0;   // where the fields start
    std::size_t offset_ = 0;
    violation why_ = violation::none;
    state state_ = state::before_message;
};

WEIR_API std::string_view to_string(head_reader::state which) noexcept;
WEIR_API std::string_view to_string(head_reader::event which) noexcept;

}  // namespace weir::inline v0::http
