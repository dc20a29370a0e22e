#include "weir/json/writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <stdexcept>

#include "weir/base/utf8.hpp"
#include "weir/json/escape.hpp"

namespace weir::inline v0::json {
namespace {

constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Three bytes as four digits; of fewer, the rest is padding.
std::array<char, 4> base64_group(bytes_view bytes) noexcept {
    std::uint32_t bits = 0;
    for (std::size_t at = 0; at < 3; ++at) {
        const std::uint32_t byte =
            at < bytes.size() ? std::to_integer<std::uint32_t>(bytes[at]) : 0;
        bits = (bits << 8U) | byte;
    }
    std::array<char, 4> group{};
    for (std::size_t at = 0; at < 4; ++at) {
        group[at] = at > bytes.size() ? '=' : base64_digits[(bits >> (18U - 6U * at)) & 0x3FU];
    }
    return group;
}

// Most texts are, and are looked at once.
bool is_short_and_plain(std::string_view text) noexcept {
    constexpr std::size_t short_text = 256;  // it goes into one block, whose end may stay empty
    return text.size() <= short_text && is_plain_ascii(text);
}

}  // namespace

void writer::open(char bracket, bool object) {
    if (depth_ == max_depth) refuse("JSON is nested too deeply");
    before_value();
    body_->append(bracket);
    ++depth_;
    began_ &= ~bit(depth_);
    objects_ = object ? objects_ | bit(depth_) : objects_ & ~bit(depth_);
}

void writer::close(char bracket, bool object) {
    if (depth_ == 0 || named_ || in_object() != object)
        refuse("JSON is closed where it is not open");
    body_->append(bracket);
    --depth_;
}

result<> writer::name(std::string_view text) {
    if (depth_ == 0 || named_ || !in_object()) refuse("a JSON name stands outside an object");
    const bool plain = is_short_and_plain(text);
    if (!plain && !is_utf8(text)) return fail(errc::malformed);
    comma();
    if (plain) {
        quoted_plain(text);
    } else {
        quoted(text);
    }
    body_->append(':');
    named_ = true;
    return {};
}

result<> writer::string(std::string_view text) {
    const bool plain = is_short_and_plain(text);
    if (!plain && !is_utf8(text)) return fail(errc::malformed);
    before_value();
    if (plain) {
        quoted_plain(text);
    } else {
        quoted(text);
    }
    return {};
}

void writer::integer(std::int64_t number) {
    before_value();
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    body_->append({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void writer::number(double number) {
    if (!std::isfinite(number)) return null();
    before_value();
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    body_->append({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void writer::base64(bytes_view bytes) {
    before_value();
    body_->append('"');
    while (!bytes.empty()) {
        const bytes_view three = bytes.first(std::min<std::size_t>(3, bytes.size()));
        const auto group = base64_group(three);
        body_->append({group.data(), group.size()});
        bytes = bytes.subspan(three.size());
    }
    body_->append('"');
}

void writer::word(std::string_view text) {
    before_value();
    body_->append(text);
}

void writer::quoted(std::string_view text) {
    body_->append('"');
    append_escaped(*body_, text);
    body_->append('"');
}

void writer::quoted_plain(std::string_view text) {
    std::byte* const to = body_->reserve(text.size() + 2).data();
    to[0] = to[text.size() + 1] = std::byte{'"'};
    std::memcpy(to + 1, text.data(), text.size());
    body_->commit(text.size() + 2);
}

void writer::before_value() {
    if (named_) {
        named_ = false;
        return;
    }
    if (in_object()) refuse("a JSON object's value has no name");
    if (depth_ == 0 && began(0)) refuse("a second JSON value follows the first");
    comma();
}

void writer::comma() {
    if (began(depth_)) body_->append(',');
    began_ |= bit(depth_);
}

void writer::refuse(const char* why) { throw std::logic_error{why}; }

}  // namespace weir::inline v0::json
