// A machine as data: rows of {state, event, next state}, checked where they are compiled.
//
// The rows are folded at compile time into a square of bytes, so that a step at run time is one
// load. What a table promises (every state is reached, every state leads to the last one, no event
// is forgotten) is a static_assert next to it; diagram.hpp prints it. What a machine does in a
// state is a function that takes that state as a type, so that a state nobody handles does not
// compile.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>

namespace weir::inline v0 {

template <class State, class Event>
struct transition {
    State from;
    Event on;
    State to;
};

// A state as a type: what the handler of this state, and of no other, takes.
template <auto State>
struct in_state {};

// LastState and LastEvent are the enumerators with the highest values; the first has the value 0.
template <auto LastState, auto LastEvent, std::size_t Rows>
class transition_table {
public:
    using state = decltype(LastState);
    using event = decltype(LastEvent);
    using row = transition<state, event>;

    static constexpr std::size_t states = static_cast<std::size_t>(LastState) + 1;
    static constexpr std::size_t events = static_cast<std::size_t>(LastEvent) + 1;

    // Two rows that answer the same state and event do not compile.
    consteval explicit transition_table(const row (&rows)[Rows]) {
        for (auto& from : next_) from.fill(forbidden);
        for (std::size_t at = 0; at < Rows; ++at) {
            auto& cell = next_[index(rows[at].from)][index(rows[at].on)];
            if (cell != forbidden) throw "this state answers the same event twice";
            cell = static_cast<std::uint8_t>(rows[at].to);
            rows_[at] = rows[at];
        }
    }

    constexpr bool allows(state from, event on) const noexcept {
        return next_[index(from)][index(on)] != forbidden;
    }

    // An event that the state does not know is a programmer's error.
    constexpr state after(state from, event on) const noexcept {
        assert(allows(from, on));
        return static_cast<state>(next_[index(from)][index(on)]);
    }

    // Calls handle(in_state<now>{}). Every state needs an answer of the same type, also one that is
    // never reached, or this does not compile.
    template <std::size_t First = 0, class Handler>
    static constexpr auto visit(state now, Handler&& handle) {
        if constexpr (First + 1 < states)
            if (index(now) != First) return visit<First + 1>(now, handle);
        return handle(in_state<static_cast<state>(First)>{});
    }

    constexpr const std::array<row, Rows>& rows() const noexcept { return rows_; }

    consteval bool reaches_every_state_from(state first) const {
        return count(reached_from(first)) == states;
    }

    consteval bool leads_every_state_to(state last) const {
        for (std::size_t from = 0; from < states; ++from)
            if (!reached_from(static_cast<state>(from))[index(last)]) return false;
        return true;
    }

    consteval bool uses_every_event() const {
        std::array<bool, events> used{};
        for (const row& each : rows_) used[index(each.on)] = true;
        return count(used) == events;
    }

private:
    static constexpr std::uint8_t forbidden = 0xFF;

    template <class Enum>
    static constexpr std::size_t index(Enum value) noexcept {
        return static_cast<std::size_t>(value);
    }

    template <std::size_t N>
    static consteval std::size_t count(const std::array<bool, N>& flags) {
        std::size_t set = 0;
        for (bool flag : flags) set += flag ? 1 : 0;
        return set;
    }

    consteval std::array<bool, states> reached_from(state first) const {
        std::array<bool, states> reached{};
        reached[index(first)] = true;
        for (std::size_t round = 0; round < states; ++round)
            for (const row& each : rows_)
                if (reached[index(each.from)]) reached[index(each.to)] = true;
        return reached;
    }

    std::array<std::array<std::uint8_t, events>, states> next_{};
    std::array<row, Rows> rows_{};
};

// Deduces the number of rows.
template <auto LastState, auto LastEvent, std::size_t Rows>
consteval auto make_table(
    const transition<decltype(LastState), decltype(LastEvent)> (&rows)[Rows]) {
    return transition_table<LastState, LastEvent, Rows>{rows};
}

}  // namespace weir::inline v0
