#include "http/differential/spoiler.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace weir::inline v0::http {
namespace {

using namespace std::string_view_literals;
using words = std::span<const std::string_view>;

// Bytes that mean something to one parser or another, and such as are next to them.
constexpr std::string_view telling_bytes =
    "\r\n\t :;,=\"\\/?#%[]@*0159afgAFGZz!~\x7F\x80\xFF\0\x01\x1F"sv;

constexpr std::array<std::string_view, 28> telling_words{
    "\r\n",
    "\r\n\r\n",
    "\n\n",
    "\r\r\n",
    "\n\r",
    "\r\n ",
    "Content-Length: 3\r\n",
    "Content-Length: 0\r\n",
    "content-length:\t03\r\n",
    "Transfer-Encoding: chunked\r\n",
    "transfer-encoding:chunked\r\n",
    "Transfer-Encoding: gzip\r\n",
    "Transfer-Encoding : chunked\r\n",
    "Host: b\r\n",
    "Connection: close\r\n",
    "Connection: keep-alive\r\n",
    "Expect: 100-continue\r\n",
    "Expect: tea\r\n",
    "X: y\r\n",
    "0\r\n\r\n",
    "3\r\nabc\r\n",
    ";a=b",
    ";a=\"\r\n\"",
    " HTTP/1.1",
    "http://",
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET http://b/ HTTP/1.0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"};

}  // namespace

void spoiler::spoil(std::string& input) {
    static constexpr std::array<void (spoiler::*)(std::string&), 11> ways{
        &spoiler::change_a_byte,     &spoiler::flip_a_bit,    &spoiler::insert_bytes,
        &spoiler::insert_words,      &spoiler::remove_bytes,  &spoiler::repeat_a_byte,
        &spoiler::change_a_line_end, &spoiler::repeat_a_line, &spoiler::move_a_line,
        &spoiler::change_a_number,   &spoiler::cut_off};
    if (input.empty()) return;
    (this->*ways[dice_->below(ways.size())])(input);
}

std::string spoiler::splice(std::string_view front, std::string_view back) {
    const bool at_lines = dice_->one_in(2);
    const std::size_t end = at_lines ? line_start(front) : place_in(front);
    const std::size_t start = at_lines ? line_start(back) : place_in(back);
    return std::string{front.substr(0, end)} + std::string{back.substr(start)};
}

void spoiler::change_a_byte(std::string& input) {
    input[dice_->below(input.size())] = telling_bytes[dice_->below(telling_bytes.size())];
}

void spoiler::flip_a_bit(std::string& input) {
    char& changed = input[dice_->below(input.size())];
    changed = static_cast<char>(changed ^ (1 << dice_->below(8)));
}

void spoiler::insert_bytes(std::string& input) {
    input.insert(place_in(input), dice_->some_of(telling_bytes, dice_->between(1, 3)));
}

void spoiler::insert_words(std::string& input) {
    const std::size_t place = dice_->one_in(4) ? place_in(input) : line_start(input);
    input.insert(place, dice_->pick(words{telling_words}));
}

void spoiler::remove_bytes(std::string& input) {
    const std::size_t place = place_in(input);
    input.erase(place, dice_->one_in(4) ? dice_->between(2, 20) : 1);
}

// As often as makes it too long for one of the smaller limits.
void spoiler::repeat_a_byte(std::string& input) {
    const std::size_t place = dice_->below(input.size());
    input.insert(place, dice_->between(1, dice_->one_in(4) ? 200 : 20), input[place]);
}

void spoiler::change_a_line_end(std::string& input) {
    constexpr std::array<std::string_view, 7> others{"\n",     "\r",    "\n\r", "\r\r\n",
                                                     "\r\n\n", " \r\n", ""};
    const std::size_t place = input.find("\r\n", place_in(input));
    if (place == std::string::npos) return;
    input.replace(place, 2, dice_->pick(words{others}));
}

void spoiler::repeat_a_line(std::string& input) {
    const std::size_t start = line_start(input);
    const std::size_t end = std::min(input.find('\n', start), input.size() - 1) + 1;
    const std::string line = input.substr(start, end - start);
    input.insert(line_start(input), line);
}

void spoiler::move_a_line(std::string& input) {
    const std::size_t start = line_start(input);
    const std::size_t end = std::min(input.find('\n', start), input.size() - 1) + 1;
    const std::string line = input.substr(start, end - start);
    input.erase(start, line.size());
    input.insert(line_start(input), line);
}

void spoiler::change_a_number(std::string& input) {
    constexpr std::array<std::string_view, 12> others{
        "0",          "1",   "7",  "00",
        "4294967296", "-1",  "+3", "9223372036854775807",
        "65536",      "0x2", "1a", "fffffffffffffffff"};
    const std::size_t place = input.find_first_of("0123456789", place_in(input));
    if (place == std::string::npos) return;
    const std::size_t end = std::min(input.find_first_not_of("0123456789", place), input.size());
    input.replace(place, end - place, dice_->pick(words{others}));
}

void spoiler::cut_off(std::string& input) { input.resize(place_in(input)); }

std::size_t spoiler::line_start(std::string_view input) {
    const std::size_t before = input.substr(0, place_in(input)).rfind('\n');
    return before == std::string_view::npos ? 0 : before + 1;
}

}  // namespace weir::inline v0::http
