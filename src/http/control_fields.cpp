#include "weir/http/control_fields.hpp"

#include <limits>

#include "ascii.hpp"
#include "authority.hpp"
#include "rebase.hpp"
#include "scan.hpp"

namespace weir::inline v0::http {
namespace {

constexpr std::uint64_t longest_body = std::numeric_limits<std::int64_t>::max();

bool is_token(std::string_view text) noexcept {
    const char* const end = text.data() + text.size();
    return !text.empty() && scan::skip_token(text.data(), end) == end;
}

bool contains_chunked(std::string_view name) noexcept {
    constexpr std::string_view chunked = "chunked";
    for (std::size_t at = 0; at + chunked.size() <= name.size(); ++at)
        if (ascii::is(name.substr(at, chunked.size()), chunked)) return true;
    return false;
}

}  // namespace

violation control_fields::add(const field& each) noexcept {
    switch (each.name.size()) {
        case 4:
            return of_ == message::request && ascii::is<"host">(each.name) ? add_host(each.value)
                                                                           : violation::none;
        case 6:
            if (of_ == message::request && ascii::is<"expect">(each.name)) add_expect(each.value);
            return violation::none;
        case 10:
            if (ascii::is<"connection">(each.name)) add_connection(each.value);
            return violation::none;
        case 14:
            return ascii::is<"content-length">(each.name) ? add_content_length(each.value)
                                                          : violation::none;
        case 17:
            return ascii::is<"transfer-encoding">(each.name) ? add_transfer_encoding(each.value)
                                                             : violation::none;
        default:
            return violation::none;
    }
}

// What makes the end of the body doubtful comes first: nothing else matters then.
violation control_fields::check(version spoken) const noexcept {
    if (has_coding_ && has_length_) return violation::length_with_transfer_encoding;
    if (has_coding_ && spoken == version::http_1_0) return violation::transfer_encoding_in_http_1_0;
    if (of_ == message::request && !has_host_ && spoken == version::http_1_1)
        return violation::missing_host;
    if (unknown_coding_) return violation::unknown_transfer_coding;
    if (unknown_expectation_) return violation::unknown_expectation;
    return violation::none;
}

void control_fields::rebase(const char* from, const char* to) noexcept {
    host_ = rebased(host_, from, to);
}

violation control_fields::add_host(std::string_view value) noexcept {
    if (has_host_) return violation::repeated_host;
    if (!is_authority(value)) return violation::malformed_host;
    has_host_ = true;
    host_ = value;
    return violation::none;
}

violation control_fields::add_content_length(std::string_view value) noexcept {
    if (has_length_) return violation::repeated_content_length;
    if (value.empty()) return violation::malformed_content_length;
    std::uint64_t number = 0;
    for (const char c : value) {
        if (!ascii::is_digit(c)) return violation::malformed_content_length;
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (number > (longest_body - digit) / 10) return violation::malformed_content_length;
        number = number * 10 + digit;
    }
    has_length_ = true;
    length_ = number;
    return violation::none;
}

// Several fields are one list (RFC 9112 section 6.1), so the state goes on from field to field.
violation control_fields::add_transfer_encoding(std::string_view value) noexcept {
    has_coding_ = true;
    violation found = violation::none;
    ascii::each_element(value, [&](std::string_view coding) {
        found = add_coding(coding);
        return found == violation::none;
    });
    return found;
}

// Chunked is the last coding, once, without parameters. A name that merely contains it is an
// attempt to have it seen by one parser and missed by another, not a coding of its own.
violation control_fields::add_coding(std::string_view coding) noexcept {
    if (chunked_) return violation::malformed_transfer_encoding;
    if (ascii::is<"chunked">(coding)) {
        chunked_ = true;
        return violation::none;
    }
    const std::string_view name = ascii::trim(coding.substr(0, coding.find(';')));
    if (!is_token(name) || contains_chunked(name)) return violation::malformed_transfer_encoding;
    unknown_coding_ = true;
    return violation::none;
}

void control_fields::add_connection(std::string_view value) noexcept {
    if (ascii::is<"keep-alive">(value)) {  // all that most peers ever say
        keep_alive_ = true;
        return;
    }
    ascii::each_element(value, [this](std::string_view option) {
        if (ascii::is<"close">(option)) close_ = true;
        if (ascii::is<"keep-alive">(option)) keep_alive_ = true;
        return true;
    });
}

void control_fields::add_expect(std::string_view value) noexcept {
    ascii::each_element(value, [this](std::string_view expectation) {
        if (ascii::is<"100-continue">(expectation))
            expects_continue_ = true;
        else if (!expectation.empty())
            unknown_expectation_ = true;
        return true;
    });
}

}  // namespace weir::inline v0::http
