// A sender of mail as its receiver sees it (RFC 5321): which command may come, and what it is told.
// Bytes go in, replies come out; no socket in sight.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weir/base/transition_table.hpp"

class mail_session {
public:
    enum class state : std::uint8_t {
        awaiting_hello,
        ready,
        has_sender,
        has_recipient,
        reading_mail,
        dropping_mail,  // it is too large; its end is still to be found
        ended,
    };
    enum class event : std::uint8_t {
        hello,
        sender,
        recipient,
        data,
        mail_ended,
        mail_overflowed,
        reset,
        quit,
        violated,
    };

    // clang-format off
    static constexpr auto table = weir::make_table<state::ended, event::violated>({
        {state::awaiting_hello, event::hello,           state::ready},
        {state::awaiting_hello, event::quit,            state::ended},
        {state::awaiting_hello, event::violated,        state::ended},
        {state::ready,          event::hello,           state::ready},
        {state::ready,          event::sender,          state::has_sender},
        {state::ready,          event::reset,           state::ready},
        {state::ready,          event::quit,            state::ended},
        {state::ready,          event::violated,        state::ended},
        {state::has_sender,     event::recipient,       state::has_recipient},
        {state::has_sender,     event::reset,           state::ready},
        {state::has_sender,     event::quit,            state::ended},
        {state::has_sender,     event::violated,        state::ended},
        {state::has_recipient,  event::recipient,       state::has_recipient},
        {state::has_recipient,  event::data,            state::reading_mail},
        {state::has_recipient,  event::reset,           state::ready},
        {state::has_recipient,  event::quit,            state::ended},
        {state::has_recipient,  event::violated,        state::ended},
        {state::reading_mail,   event::mail_ended,      state::ready},
        {state::reading_mail,   event::mail_overflowed, state::dropping_mail},
        {state::reading_mail,   event::violated,        state::ended},
        {state::dropping_mail,  event::mail_ended,      state::ready},
        {state::dropping_mail,  event::violated,        state::ended},
    });
    // clang-format on
    static_assert(table.reaches_every_state_from(state::awaiting_hello));
    static_assert(table.leads_every_state_to(state::ended));
    static_assert(table.uses_every_event());

    static constexpr std::size_t longest_line = 1000;  // its end included: section 4.5.3.1.6
    static constexpr std::size_t largest_mail = 64 * 1024;

    // What the driver does next: consume so many bytes, and send the reply where there is one.
    struct step {
        std::size_t consumed = 0;  // 0: more must come
        std::string_view reply;
        bool took_mail = false;  // mail_size() tells how large it was
    };

    // Not where ended().
    step next(std::string_view input) noexcept {
        const std::size_t end = input.find("\r\n");
        if (end == input.npos && input.size() < longest_line) return {};
        if (end == input.npos || end + 2 > longest_line) return refuse(input, "500 line too long");
        const std::string_view line = input.substr(0, end);
        // Another server would see an end of a line here, perhaps of a mail, and we would not.
        if (line.find_first_of("\r\n") != line.npos) return refuse(input, "500 bare CR or LF");
        step answer = in_mail() ? on_mail(line) : on_command(line);
        answer.consumed = end + 2;
        return answer;
    }

    bool ended() const noexcept { return state_ == state::ended; }
    std::size_t mail_size() const noexcept { return mail_size_; }

private:
    struct command {
        std::string_view word;
        event means;
        std::string_view reply;
    };
    static constexpr std::array<command, 7> commands{{
        {"HELO ", event::hello, "250 at your service"},
        {"EHLO ", event::hello, "250 at your service"},
        {"MAIL FROM:", event::sender, "250 sender noted"},
        {"RCPT TO:", event::recipient, "250 recipient noted"},
        {"DATA", event::data, "354 end with a dot on a line of its own"},
        {"RSET", event::reset, "250 forgotten"},
        {"QUIT", event::quit, "221 goodbye"},
    }};

    bool in_mail() const noexcept {
        return state_ == state::reading_mail || state_ == state::dropping_mail;
    }

    step on_command(std::string_view line) noexcept {
        for (const command& each : commands) {
            if (!is(each, line)) continue;
            if (!table.allows(state_, each.means)) return {0, "503 bad sequence of commands"};
            on(each.means);
            if (in_mail()) mail_size_ = 0;
            return {0, each.reply};
        }
        return {0, "500 command unknown"};
    }

    step on_mail(std::string_view line) noexcept {
        if (line == ".") {
            const bool whole = state_ == state::reading_mail;
            on(event::mail_ended);
            return {0, whole ? "250 taken" : "552 mail too large", whole};
        }
        if (line.starts_with('.')) line.remove_prefix(1);
        mail_size_ += line.size() + 2;
        if (mail_size_ > largest_mail && state_ == state::reading_mail) on(event::mail_overflowed);
        return {};
    }

    step refuse(std::string_view input, std::string_view why) noexcept {
        on(event::violated);
        return {input.size(), why};
    }

    // In either case; what has no argument stands alone.
    static bool is(const command& which, std::string_view line) noexcept {
        const std::string_view word = which.word;
        const bool alone = word.back() != ' ' && word.back() != ':';
        if (alone ? line.size() != word.size() : line.size() < word.size()) return false;
        for (std::size_t i = 0; i < word.size(); ++i)
            if (line[i] != word[i] && line[i] - 'a' + 'A' != word[i]) return false;
        return true;
    }

    void on(event what) noexcept { state_ = table.after(state_, what); }

    state state_ = state::awaiting_hello;
    std::size_t mail_size_ = 0;
};

inline std::string_view to_string(mail_session::state which) noexcept {
    constexpr std::array<std::string_view, mail_session::table.states> names{
        "awaiting_hello", "ready",         "has_sender", "has_recipient",
        "reading_mail",   "dropping_mail", "ended"};
    return names[static_cast<std::size_t>(which)];
}

inline std::string_view to_string(mail_session::event which) noexcept {
    constexpr std::array<std::string_view, mail_session::table.events> names{
        "hello",           "sender", "recipient", "data",    "mail_ended",
        "mail_overflowed", "reset",  "quit",      "violated"};
    return names[static_cast<std::size_t>(which)];
}
