#include "weir/http/trace_context.hpp"

#include <algorithm>

#include "ascii.hpp"
#include "hex.hpp"

namespace weir::inline v0::http {
namespace {

// 0 stands for any digit.
constexpr std::string_view trace_shape = "00-00000000000000000000000000000000-0000000000000000-00";
constexpr std::size_t trace_at = 3;
constexpr std::size_t span_at = 36;
constexpr std::size_t flags_at = 53;

bool is_small_hex(char c) noexcept { return ascii::is_digit(c) || (c >= 'a' && c <= 'f'); }

bool fits(std::string_view text) noexcept {
    for (std::size_t at = 0; at < trace_shape.size(); ++at) {
        const bool good = trace_shape[at] == '-' ? text[at] == '-' : is_small_hex(text[at]);
        if (!good) return false;
    }
    return true;
}

bool is_zero(std::string_view digits) noexcept {
    return digits.find_first_not_of('0') == std::string_view::npos;
}

}  // namespace

trace_context::trace_context(std::uint64_t trace_high, std::uint64_t trace_low,
                             std::uint64_t span) noexcept {
    static_assert(trace_shape.size() == size);
    std::ranges::copy(trace_shape, text_.begin());
    if ((trace_high | trace_low) == 0) trace_low = 1;
    put_hex(text_.data() + trace_at, trace_high);
    put_hex(text_.data() + trace_at + hex_digits, trace_low);
    put_hex(text_.data() + span_at, std::max<std::uint64_t>(span, 1));
}

std::optional<trace_context> trace_context::parse(std::string_view text) noexcept {
    if (text.size() < size || !fits(text)) return std::nullopt;
    const std::string_view version = text.substr(0, 2);
    if (version == "ff") return std::nullopt;
    if (text.size() > size && (version == "00" || text[size] != '-')) return std::nullopt;
    trace_context found;
    std::ranges::copy(text.substr(0, size), found.text_.begin());
    if (is_zero(found.trace_id()) || is_zero(found.span_id())) return std::nullopt;
    const bool sampled = (ascii::hex_value(text[flags_at + 1]) & 1) != 0;
    found.text_[0] = found.text_[1] = found.text_[flags_at] = '0';
    found.text_[flags_at + 1] = sampled ? '1' : '0';
    return found;
}

trace_context trace_context::child(std::uint64_t span) const noexcept {
    trace_context below = *this;
    put_hex(below.text_.data() + span_at, std::max<std::uint64_t>(span, 1));
    return below;
}

}  // namespace weir::inline v0::http
