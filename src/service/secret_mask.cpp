#include "secret_mask.hpp"

#include <algorithm>
#include <charconv>

#include "weir/http/field.hpp"

namespace weir::inline v0 {
namespace {

constexpr std::array<std::string_view, 4> secret_fields{"Authorization", "Proxy-Authorization",
                                                        "Cookie", "Set-Cookie"};
// The member's name, and then what stands before its text.
constexpr std::string_view pattern = R"("token":")";
constexpr std::size_t name_begins = 1;
constexpr std::size_t name_ends = pattern.find(':') - 1;

bool is_blank(char byte) noexcept { return byte == ' ' || byte == '\t'; }
bool is_line_end(char byte) noexcept { return byte == '\r' || byte == '\n'; }

}  // namespace

bool field_mask::hides(char byte) noexcept {
    if (is_line_end(byte)) return begin_line();
    if (place_ == place::behind_secret) place_ = is_blank(byte) ? place::secret : place::name;
    if (place_ == place::secret) return true;
    if (place_ == place::value) return false;
    if (byte == ':')
        place_ = is_secret() ? place::secret : place::value;
    else if (size_ == name_.size())
        place_ = place::value;
    else if (!is_blank(byte))
        name_[size_++] = byte;
    return false;
}

bool field_mask::begin_line() noexcept {
    const bool secret = place_ == place::secret || place_ == place::behind_secret;
    place_ = secret ? place::behind_secret : place::name;
    size_ = 0;
    return false;
}

bool field_mask::is_secret() const noexcept {
    const std::string_view name{name_.data(), size_};
    return std::ranges::any_of(secret_fields, [&](std::string_view each) {
        return http::equals_ignoring_case(each, name);
    });
}

bool member_mask::hides(char byte) noexcept {
    if (!inside_) return match(byte), false;
    if (escaped_) {
        escaped_ = false;
        return true;
    }
    escaped_ = byte == '\\';
    inside_ = byte != '"';
    return inside_;
}

void member_mask::match(char byte) noexcept {
    const bool in_name = matched_ >= name_begins && matched_ < name_ends;
    if (escape_ > 0 || (in_name && byte == '\\')) return match_escape(byte);
    const bool white = is_blank(byte) || is_line_end(byte);
    if (white && matched_ > name_ends) return;
    if (byte == pattern[matched_])
        ++matched_;
    else
        matched_ = byte == '"' ? 1 : 0;
    inside_ = matched_ == pattern.size();
    if (inside_) matched_ = 0;
}

// \u and four hexadecimal digits.
void member_mask::match_escape(char byte) noexcept {
    unsigned digit = 0;
    bool good = escape_ != 1 || byte == 'u';
    if (escape_ > 1) good = std::from_chars(&byte, &byte + 1, digit, 16).ptr != &byte;
    code_ = escape_ < 2 ? 0 : code_ * 16 + digit;
    if (good && ++escape_ < 6) return;
    escape_ = 0;
    if (good && code_ == static_cast<unsigned char>(pattern[matched_]))
        ++matched_;
    else
        matched_ = byte == '"' ? 1 : 0;
}

}  // namespace weir::inline v0
