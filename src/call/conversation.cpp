#include "weir/call/conversation.hpp"

#include <array>

#include "weir/call/answer.hpp"

namespace weir::inline v0::call {

namespace {

using event = conversation::event;

event event_of(const message& said) noexcept {
    constexpr std::array events{event::hello, event::call, event::cancel, event::goodbye};
    static_assert(events.size() == std::variant_size_v<message>);
    return events[said.index()];
}

bool speaks_ours(const message& said) noexcept {
    const auto* greeting = std::get_if<hello>(&said);
    return greeting == nullptr || greeting->version >= version;
}

}  // namespace

result<conversation::action> conversation::on(const message& said) {
    const event what = event_of(said);
    const state before = state_;
    if (table.allows(before, what) && speaks_ours(said)) return step(what);
    end();
    if (!speaks_ours(said)) return fail(errc::unsupported, "this server speaks version 1");
    if (what == event::hello) return fail(errc::malformed, "only the first frame is a hello");
    return fail(errc::malformed, "the first frame must be a hello");
}

conversation::action conversation::leave() noexcept { return step(event::leave); }

void conversation::end() noexcept {
    if (!ended()) step(event::end);
}

conversation::action conversation::step(event on) noexcept {
    const state before = state_;
    state_ = table.after(before, on);
    const bool late = state_ == state::leaving;
    switch (on) {
        case event::hello:
            return late ? action::say_hello_and_goodbye : action::say_hello;
        case event::call:
            return late ? action::refuse : action::begin;
        case event::cancel:
            return action::cancel;
        case event::leave:
            return late ? action::say_goodbye : action::nothing;
        case event::goodbye:
        case event::end:
            return action::nothing;
    }
    return action::nothing;
}

std::string_view to_string(conversation::state which) noexcept {
    switch (which) {
        case conversation::state::awaiting_hello:
            return "awaiting_hello";
        case conversation::state::awaiting_late_hello:
            return "awaiting_late_hello";
        case conversation::state::open:
            return "open";
        case conversation::state::leaving:
            return "leaving";
        case conversation::state::ended:
            return "ended";
    }
    return "unknown";
}

std::string_view to_string(conversation::event which) noexcept {
    switch (which) {
        case conversation::event::hello:
            return "hello";
        case conversation::event::call:
            return "call";
        case conversation::event::cancel:
            return "cancel";
        case conversation::event::goodbye:
            return "goodbye";
        case conversation::event::leave:
            return "leave";
        case conversation::event::end:
            return "end";
    }
    return "unknown";
}

}  // namespace weir::inline v0::call
