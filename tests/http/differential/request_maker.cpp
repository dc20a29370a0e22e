#include "http/differential/request_maker.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace weir::inline v0::http {
namespace {

using namespace std::string_view_literals;
using words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 9> methods{"GET",     "GET",   "HEAD",  "POST",  "PUT",
                                                  "OPTIONS", "TRACE", "PATCH", "DELETE"};
constexpr std::array<std::string_view, 8> wrong_methods{"CONNECT", "BREW", "get", "",
                                                        "G(T",     "GET ", "GE",  "\x16\x03"};
constexpr std::array<std::string_view, 12> wrong_versions{
    "HTTP/2.0", "HTTP/0.9", "HTTP/1",   "HTTP/1.10", "http/1.1",  "HTTP/1.1 ",
    "HTTP/11",  "",         "HTTP/1,1", "HTTP/a.1",  " HTTP/1.1", "XTTP/1.1"};
constexpr std::array<std::string_view, 14> wrong_targets{
    "",     "*",    "a",    "http:/a", "ftp://a/", "http://",     "http:///a",
    "/a b", "/a#b", "://a", "?a",      "/\x80",    "https://a:b", "http://u@a/"};
constexpr std::array<std::string_view, 18> hosts{"a",
                                                 "[::11.0.10.255]",
                                                 "a:000080",
                                                 "a.example:80",
                                                 "127.0.0.1:65535",
                                                 "[::1]",
                                                 "[2001:db8::1]:8080",
                                                 "xn--a_b",
                                                 "a%20b",
                                                 "a:",
                                                 "[1:2:3:4:5:6:7:8]",
                                                 "[::ffff:1.2.3.4]",
                                                 "A.B-C",
                                                 "[1:2:3:4:5:6:7::]",
                                                 "[::2:3:4:5:6:7:8]",
                                                 "a,b;c=d",
                                                 "00.1.2.3",
                                                 "[1::8]:"};
constexpr std::array<std::string_view, 22> wrong_hosts{"",
                                                       "[::1.1.01.1]",
                                                       "[1.2.3.4::1]",
                                                       "a b",
                                                       "a/b",
                                                       "u@a",
                                                       "a:b",
                                                       "a:65536",
                                                       "a:80:80",
                                                       ":80",
                                                       "[::1",
                                                       "::1",
                                                       "[1:2:3]",
                                                       "[::1::]",
                                                       "[g::]",
                                                       "[::1]x",
                                                       "[1.2.3.4]",
                                                       "[::256.1.1.1]",
                                                       "a%2",
                                                       "[1:2:3:4:5:6:7:8:9]",
                                                       "[1:2:3:4:5:6:7:8::]",
                                                       "a\\b"};
constexpr std::array<std::string_view, 8> connections{
    "close",   "keep-alive", "Keep-Alive",        "TE, close",
    "upgrade", ",close,",    "keep-alive, close", "closed"};
constexpr std::array<std::string_view, 9> wrong_lengths{
    "", "5,6", "+5", "-1", "0x5", "9223372036854775808", "5 5", "18446744073709551621", "1e3"};
constexpr std::array<std::string_view, 14> wrong_codings{
    "gzip",        "gzip, chunked", "chunked, gzip", "chunked, chunked",
    "xchunked",    "chunked;",      "chunked;a=b",   "",
    "chunked,",    ",chunked",      "identity",      "gzip;a=\", chunked\"",
    "\"chunked\"", "cHuNkEd2"};
constexpr std::array<std::string_view, 5> expectations{
    "100-continue", "100-Continue", "100-continue, 100-continue", ",100-continue ,", ""};
constexpr std::array<std::string_view, 5> wrong_expectations{"200-ok", "100-continue, a",
                                                             "100-continue2", "100", "a=\"b,c\""};
constexpr std::array<std::string_view, 20> names{"Accept",
                                                 "User-Agent",
                                                 "X",
                                                 "Cookie",
                                                 "Hos",
                                                 "Hostt",
                                                 "Content-Type",
                                                 "Transfer_Encoding",
                                                 "Content-Lengt",
                                                 "Contentlength",
                                                 "X-Forwarded-For",
                                                 "a",
                                                 "If-None-Match",
                                                 "TE",
                                                 "Trailer",
                                                 "Expec",
                                                 "!#$%&'*+-.^_`|~09",
                                                 "Via",
                                                 "Proxy-Connection",
                                                 "A-Name-That-Is-Longer-Than-Two-Loads-Of-A-Scan"};
constexpr std::array<std::string_view, 12> wrong_lines{
    " folded\r\n",   "\tfolded\r\n", "A : b\r\n",   "A\t: b\r\n",   "no colon\r\n", "nocolon\r\n",
    ": nothing\r\n", "A: \x01\r\n",  "A(b): c\r\n", "A: b\x7F\r\n", "A: b\n",       "A\xFF: b\r\n"};
constexpr std::array<std::string_view, 14> wrong_chunks{"00000000000000001\r\nx\r\n",
                                                        "0x1\r\nx\r\n",
                                                        "1_0\r\nx\r\n",
                                                        "+1\r\nx\r\n",
                                                        " 1\r\nx\r\n",
                                                        "1 \r\nx\r\n",
                                                        "\r\n",
                                                        "g\r\n",
                                                        "1\nx\r\n",
                                                        "1\r\nx\n",
                                                        "1\r\nxy\r\n",
                                                        "2\r\nx\r\n",
                                                        "1\rx\r\n",
                                                        "ffffffffffffffff\r\n"};
constexpr std::array<std::string_view, 12> wrong_extensions{
    ";",   ";a=",    ";=b",       ";a=\"b", ";a b",        ";a ",
    ";a;", ";a=b=c", ";a=\"b\"c", "; ",     ";a=\"\x7F\"", " ;a"};
constexpr std::array<std::string_view, 9> good_extensions{
    ";a",          ";a=b",           ";a=\"b\"",         ";a=\"\"", ";a=\"\\\"\"",
    "; a = b ; c", ";a=\"b;c\\\\\"", ";\ta=\"\t \x80\"", ";a;b=c"};
constexpr std::string_view value_bytes =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 "
    "\t,;:=\"()/?@<>{}[]\x80\xC3\xFF";
constexpr std::string_view target_bytes = "abcdefghij0123456789/?&=%.-_~:@!$'()*+,;[]{}|\\^`\"<>";

template <std::size_t Count>
std::string any(dice& from, const std::array<std::string_view, Count>& several) {
    return std::string{from.pick(words{several})};
}

}  // namespace

std::string request_maker::make(bool slipping) {
    slipping_ = slipping;
    extensions_left_ = bounds_->max_chunk_extension_bytes;
    std::string made = dice_->one_in(16) ? "\r\n" : "";
    if (slips(64)) made += "\r\n";
    made += request_line();
    std::vector<std::string> lines = fields();
    const std::string behind = add_framing(lines);
    for (std::size_t at = lines.size(); at > 1; --at)
        std::swap(lines[at - 1], lines[dice_->below(at)]);
    for (const std::string& each : lines) made += each;
    return made + "\r\n" + behind;
}

std::string request_maker::request_line() {
    const std::string how = method();
    const std::string where = target(how);
    std::string version = dice_->one_in(32) ? "HTTP/1.2" : "HTTP/1.1";
    old_ = dice_->one_in(8);
    if (old_) version = "HTTP/1.0";
    if (slips(32)) version = any(*dice_, wrong_versions);
    return how + ' ' + where + ' ' + version + "\r\n";
}

std::string request_maker::method() {
    if (slips(32)) return any(*dice_, wrong_methods);
    // Longer than a whole line may be: with small limits only, for the time it takes.
    if (bounds_->max_target_bytes < 100 && slips(128))
        return dice_->some_of("ABC", bounds_->max_target_bytes + 60 + dice_->below(12));
    return any(*dice_, methods);
}

std::string request_maker::target(std::string_view method) {
    if (slips(32)) return any(*dice_, wrong_targets);
    if (method == "OPTIONS" && dice_->one_in(2)) return "*";
    if (dice_->one_in(8)) return absolute_form();
    return origin_form(size_up_to(bounds_->max_target_bytes));
}

std::string request_maker::origin_form(std::size_t size) {
    return '/' + dice_->some_of(target_bytes, std::max<std::size_t>(size, 1) - 1);
}

std::string request_maker::absolute_form() {
    std::string made = (dice_->one_in(2) ? "http://" : "HTTPS://") + authority();
    if (dice_->one_in(2)) made += origin_form(dice_->below(9));
    if (dice_->one_in(4)) made += "?a";
    return made.size() <= bounds_->max_target_bytes || slipping_ ? made : origin_form(1);
}

std::string request_maker::authority() {
    return slips() ? any(*dice_, wrong_hosts) : any(*dice_, hosts);
}

std::vector<std::string> request_maker::fields() {
    std::vector<std::string> lines;
    add_host(lines);
    add_connection(lines);
    add_expectation(lines);
    add_other_fields(lines);
    return lines;
}

void request_maker::add_host(std::vector<std::string>& lines) {
    if (old_ && dice_->one_in(2)) return;
    if (slips(24)) return;
    lines.push_back(line("Host", authority()));
    if (slips(48)) lines.push_back(line("Host", authority()));
}

void request_maker::add_connection(std::vector<std::string>& lines) {
    if (dice_->one_in(6)) lines.push_back(line("Connection", any(*dice_, connections)));
    if (dice_->one_in(24)) lines.push_back(line("Connection", any(*dice_, connections)));
}

void request_maker::add_expectation(std::vector<std::string>& lines) {
    if (dice_->one_in(16)) lines.push_back(line("Expect", any(*dice_, expectations)));
    if (slips(48)) lines.push_back(line("Expect", any(*dice_, wrong_expectations)));
}

void request_maker::add_other_fields(std::vector<std::string>& lines) {
    const std::size_t most =
        bounds_->max_fields - std::min<std::size_t>(bounds_->max_fields, lines.size() + 2);
    std::size_t count = dice_->below(std::min<std::size_t>(most, 5) + 1);
    if (slips(64)) count = most + dice_->below(4);
    std::size_t left = bounds_->max_field_bytes;
    for (const std::string& each : lines) left -= std::min(left, each.size());
    left -= std::min<std::size_t>(left, 64);  // what frames the body
    for (std::size_t at = 0; at < count; ++at) {
        if (slips(48)) lines.push_back(any(*dice_, wrong_lines));
        const std::string name = any(*dice_, names);
        const std::string made = line(name, dice_->some_of(value_bytes, dice_->below(40)));
        if (made.size() <= left || slips(8)) lines.push_back(made);
        left -= std::min(left, made.size());
    }
    if (slips(256)) lines.push_back(line("X", std::string(left + dice_->below(80), 'y')));
}

// Answers what stands behind the head.
std::string request_maker::add_framing(std::vector<std::string>& lines) {
    if (slips(64)) lines.push_back(line("Transfer-Encoding", any(*dice_, wrong_codings)));
    if (slips(64)) lines.push_back(line("Content-Length", any(*dice_, wrong_lengths)));
    if (dice_->one_in(2)) return "";
    if (dice_->one_in(2) || (old_ && !slips(4))) return known_length(lines);
    return chunks(lines);
}

std::string request_maker::known_length(std::vector<std::string>& lines) {
    std::size_t size = size_up_to(bounds_->max_body_bytes);
    if (slips(32)) size = bounds_->max_body_bytes + dice_->below(3);
    lines.push_back(
        line("Content-Length", std::string(dice_->one_in(16) ? 3 : 0, '0') + std::to_string(size)));
    return body(std::min<std::size_t>(size, 4'096));
}

std::string request_maker::chunks(std::vector<std::string>& lines) {
    lines.push_back(line("Transfer-Encoding", any_case("chunked")));
    std::string made;
    std::size_t left = std::min<std::size_t>(bounds_->max_body_bytes, 300);
    for (std::size_t count = dice_->below(5); count > 0 && left > 0; --count) {
        if (slips(16)) made += any(*dice_, wrong_chunks);
        const std::size_t size = slips(32) ? left + dice_->below(3) : dice_->between(1, left);
        made += chunk(size);
        left -= std::min(left, size);
    }
    return made + std::string(dice_->between(1, dice_->one_in(8) ? 16 : 1), '0') + extensions() +
           "\r\n" + trailers() + "\r\n";
}

std::string request_maker::chunk(std::size_t size) {
    constexpr std::string_view digits = "0123456789abcdef";
    constexpr std::string_view capitals = "0123456789ABCDEF";
    const std::string_view set = dice_->one_in(2) ? digits : capitals;
    std::string made;
    for (std::size_t left = size; left > 0; left /= 16) made.insert(0, 1, set[left % 16]);
    if (dice_->one_in(16)) made.insert(0, 16 - std::min<std::size_t>(made.size(), 16), '0');
    return made + extensions() + "\r\n" + body(size) + "\r\n";
}

std::string request_maker::extensions() {
    if (!dice_->one_in(4)) return "";
    if (slips(6)) return any(*dice_, wrong_extensions);
    if (slips(12)) return ';' + std::string(extensions_left_ + dice_->below(24), 'a');
    std::string made = any(*dice_, good_extensions);
    if (made.size() > extensions_left_) return "";
    extensions_left_ -= made.size();
    return made;
}

std::string request_maker::trailers() {
    std::string made;
    while (dice_->one_in(4)) {
        if (slips(8)) made += any(*dice_, wrong_lines);
        const std::string one = line(any(*dice_, names), dice_->some_of(value_bytes, 3));
        if (made.size() + one.size() <= bounds_->max_trailer_bytes || slips(4)) made += one;
        if (slips(12)) made += line("X", std::string(bounds_->max_trailer_bytes, 'y'));
    }
    return made;
}

std::string request_maker::line(std::string_view name, std::string_view value) {
    constexpr std::array<std::string_view, 6> before{" ", " ", " ", "", "\t", "  "};
    constexpr std::array<std::string_view, 6> behind{"", "", "", "", " ", "\t "};
    return any_case(name) + ':' + any(*dice_, before) + std::string{value} + any(*dice_, behind) +
           "\r\n";
}

std::string request_maker::any_case(std::string_view name) {
    std::string made{name};
    if (!dice_->one_in(4)) return made;
    for (char& c : made)
        if (((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) && dice_->one_in(2))
            c = static_cast<char>(c ^ 0x20);
    return made;
}

// Bytes that would mean something elsewhere.
std::string request_maker::body(std::size_t size) {
    constexpr std::string_view bytes = "abc\r\n0:\0\xFF GET"sv;
    return dice_->some_of(bytes, size);
}

// Small for the most part, at times all that a small limit lets through, or a little more.
std::size_t request_maker::size_up_to(std::size_t limit) {
    if (limit > 1'000 || !dice_->one_in(6))
        return dice_->below(std::min<std::size_t>(limit, 30) + 1);
    const std::size_t fitting = limit - dice_->below(std::min<std::size_t>(limit, 1) + 1);
    return fitting + (slips(3) ? dice_->below(4) : 0);
}

}  // namespace weir::inline v0::http
