#include "takeover_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace weir::inline v0 {
namespace {

constexpr std::string_view greeting = "weir-takeover 1";
constexpr std::string_view owned_socket = "socket";
constexpr std::string_view kept_socket = "socket kept";
constexpr std::string_view notify_prefix = "notify ";
constexpr std::string_view watchdog_prefix = "watchdog-us ";
constexpr std::string_view ready = "ready";

std::string_view cut(std::string_view& rest, char at) noexcept {
    const auto end = std::min(rest.find(at), rest.size());
    const std::string_view head = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return head;
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) noexcept {
    Number number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, problem] = std::from_chars(text.data(), end, number);
    if (text.empty() || problem != std::errc{} || rest != end) return std::nullopt;
    return number;
}

// What the lines of an offer say, one by one.
class offer_reader {
public:
    bool take(std::string_view line) {
        if (line == owned_socket || line == kept_socket) {
            kept_.push_back(line == kept_socket);
            return true;
        }
        if (line.starts_with(notify_prefix)) {
            notify_ = line.substr(notify_prefix.size());
            return true;
        }
        if (!line.starts_with(watchdog_prefix)) return false;
        const auto wait = parse_number<std::uint64_t>(line.substr(watchdog_prefix.size()));
        watchdog_us_ = wait.value_or(0);
        return wait.has_value();
    }
    takeover_offer finish() && { return {std::move(kept_), {std::move(notify_), watchdog_us_}}; }

private:
    std::vector<bool> kept_;
    std::string notify_;
    std::uint64_t watchdog_us_ = 0;
};

}  // namespace

std::string to_text(const takeover_offer& offer) {
    std::string text{greeting};
    text += '\n';
    for (const bool kept : offer.kept) {
        text += kept ? kept_socket : owned_socket;
        text += '\n';
    }
    if (offer.watched_by) {
        using std::chrono::microseconds;
        const auto wait = std::chrono::floor<microseconds>(offer.watched_by.watchdog());
        text += notify_prefix;
        text += offer.watched_by.socket() + '\n';
        text += watchdog_prefix;
        text += std::to_string(wait.count()) + '\n';
    }
    return text + '\n';
}

result<takeover_offer> parse_offer(std::string_view text) {
    if (text == takeover_refusal) {
        return fail(errc::unavailable, "it is being taken over by another one");
    }
    const std::string_view first = cut(text, '\n');
    if (first != greeting) {
        return fail(errc::malformed, "it does not say \"" + std::string{greeting} + '"');
    }
    offer_reader reader;
    for (std::string_view line = cut(text, '\n'); !line.empty(); line = cut(text, '\n')) {
        if (!reader.take(line)) {
            return fail(errc::malformed, "it says \"" + std::string{line} + '"');
        }
    }
    return std::move(reader).finish();
}

std::string ready_line(const std::vector<std::size_t>& taken) {
    std::string line{ready};
    for (const std::size_t place : taken) line += ' ' + std::to_string(place);
    return line + '\n';
}

result<std::vector<std::size_t>> parse_ready(std::string_view line, std::size_t count) {
    if (cut(line, ' ') != ready) return fail(errc::malformed, "it does not say that it is ready");
    std::vector<std::size_t> taken;
    while (!line.empty()) {
        const auto place = parse_number<std::size_t>(cut(line, ' '));
        if (!place || *place >= count || taken.size() == count) {
            return fail(errc::malformed, "it took what it was not given");
        }
        taken.push_back(*place);
    }
    return taken;
}

}  // namespace weir::inline v0
