#include "request_line.hpp"

#include <cstring>

#include "ascii.hpp"
#include "scan.hpp"

namespace weir::inline v0::http {
namespace {

constexpr std::string_view most_usual = "GET ";  // not worth a scan
constexpr std::size_t version_size = std::string_view{"HTTP/1.1"}.size();

bool is_version(const char* text) noexcept {
    return std::memcmp(text, "HTTP/", 5) == 0 && ascii::is_digit(text[5]) && text[6] == '.' &&
           ascii::is_digit(text[7]);
}

// Looks at nothing behind the line feed, so that it says the same however much of the rest is here.
violation judge_version(std::string_view rest) noexcept {
    const std::string_view line = rest.substr(0, rest.find('\n') + 1);
    if (line.size() <= version_size || !is_version(line.data()))
        return violation::malformed_version;
    if (line[version_size] == '\n') return violation::bare_line_feed;
    if (line[version_size] == '\r') return violation::bare_carriage_return;
    return violation::malformed_version;
}

}  // namespace

request_line parse_request_line(const char* first, const char* last) noexcept {
    request_line line;
    line.at = std::string_view{first, last}.starts_with(most_usual) ? first + most_usual.size() - 1
                                                                    : scan::skip_token(first, last);
    if (line.at == last || *line.at != ' ') return line;
    line.method = {first, line.at};
    const char* const target = line.at + 1;
    line.at = scan::skip_target(target, last, first);
    if (line.at == last || line.at == target || *line.at != ' ') return line;
    line.target = {target, line.at};
    line.at += 1;
    const char* const end = line.at + version_size;
    if (static_cast<std::size_t>(last - line.at) < version_size + 2) return line;
    if (!is_version(line.at) || end[0] != '\r' || end[1] != '\n') return line;
    line.major = line.at[5];
    line.minor = line.at[7];
    line.next = end + 2;
    return line;
}

violation judge_request_line(const request_line& line, const char* last) noexcept {
    if (!line.target.empty()) return judge_version({line.at, last});
    if (*line.at == '\n') return violation::bare_line_feed;
    if (*line.at == '\r')
        return line.at[1] == '\n' ? violation::malformed_request_line
                                  : violation::bare_carriage_return;
    return line.method.empty() ? violation::malformed_method : violation::malformed_target;
}

}  // namespace weir::inline v0::http
