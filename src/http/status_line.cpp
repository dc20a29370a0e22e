#include "status_line.hpp"

#include <string_view>

#include "ascii.hpp"
#include "scan.hpp"

namespace weir::inline v0::http {
namespace {

// What stands before the reason phrase; 0 stands for any digit.
constexpr std::string_view shape = "HTTP/0.0 000 ";
constexpr std::size_t major_at = 5;
constexpr std::size_t minor_at = 7;
constexpr std::size_t code_at = 9;

bool fits(char found, char wanted) noexcept {
    return wanted == '0' ? ascii::is_digit(found) : found == wanted;
}

std::uint16_t number(const char* digits) noexcept {
    return static_cast<std::uint16_t>((digits[0] - '0') * 100 + (digits[1] - '0') * 10 +
                                      (digits[2] - '0'));
}

}  // namespace

status_line parse_status_line(const char* first, const char* last) noexcept {
    status_line line;
    line.at = first;
    for (const char wanted : shape) {
        if (line.at == last || !fits(*line.at, wanted)) return line;
        ++line.at;
    }
    // No class but these five (RFC 9110 section 15).
    if (first[code_at] < '1' || first[code_at] > '5') {
        line.at = first + code_at;
        return line;
    }
    line.at = scan::skip_value(line.at, last);
    if (last - line.at < 2 || line.at[0] != '\r' || line.at[1] != '\n') return line;
    line.major = first[major_at];
    line.minor = first[minor_at];
    line.code = number(first + code_at);
    line.next = line.at + 2;
    return line;
}

violation judge_status_line(const char* at, const char* last) noexcept {
    const bool line_feed_follows = last - at >= 2 && at[1] == '\n';
    if (*at == '\n') return violation::bare_line_feed;
    if (*at == '\r' && !line_feed_follows) return violation::bare_carriage_return;
    return violation::malformed_status_line;
}

}  // namespace weir::inline v0::http
