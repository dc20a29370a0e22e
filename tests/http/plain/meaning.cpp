#include "http/plain/meaning.hpp"

#include <limits>

#include "http/plain/cursor.hpp"
#include "http/plain/grammar.hpp"

namespace weir::inline v0::http::plain {

void meaning::add(const field& each) {
    const std::string name = lower_case(each.name);
    if (name == "host") add_host(each.value);
    if (name == "content-length") add_content_length(each.value);
    if (name == "expect")
        for (const std::string& expectation : elements_of(each.value)) add_expectation(expectation);
    if (name == "connection")
        for (const std::string& option : elements_of(each.value)) add_connection_option(option);
    if (name == "transfer-encoding")
        for (const std::string& coding : elements_of(each.value)) add_transfer_coding(coding);
}

// RFC 9112 section 6.1 and 6.3 first: where the body ends matters more than whether it is served.
void meaning::check(int minor_version) const {
    if (transfer_encoding_ && length_) throw refusal{400};
    if (transfer_encoding_ && minor_version == 0) throw refusal{400};
    if (!host_ && minor_version >= 1) throw refusal{400};
    if (unknown_coding_) throw refusal{501};
    if (unknown_expectation_) throw refusal{417};
}

// RFC 9112 section 9.3
bool meaning::keeps_alive(int minor_version) const {
    if (close_) return false;
    return minor_version >= 1 || keep_alive_;
}

// RFC 9110 section 10.1.1: ignored in HTTP/1.0; a request without content does not wait for it.
bool meaning::expects_continue(int minor_version) const {
    return expects_continue_ && minor_version >= 1 && (chunked_ || length() > 0);
}

// RFC 9112 section 3.2: more than one, or an invalid one, is 400.
void meaning::add_host(const std::string& value) {
    if (host_ || !is_authority(value)) throw refusal{400};
    host_ = value;
}

// Content-Length = 1*DIGIT (RFC 9110 section 8.6). BEHAVIOUR.md: a second one is refused even where
// it says the same, and so is what an int64 does not hold.
void meaning::add_content_length(const std::string& value) {
    if (length_ || value.empty()) throw refusal{400};
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    std::uint64_t length = 0;
    for (const char c : value) {
        if (!is_digit(c)) throw refusal{400};
        if (length > most / 10) throw refusal{400};
        length = 10 * length + static_cast<std::uint64_t>(c - '0');
        if (length > most) throw refusal{400};
    }
    length_ = length;
}

// transfer-coding = token *( OWS ";" OWS transfer-parameter ) (RFC 9110 section 10.1.4). Chunked
// comes last and once (RFC 9112 section 6.1). Choices: a coding whose name contains "chunked" is a
// trick and no coding; parameters of a coding that is refused anyway are not looked at.
void meaning::add_transfer_coding(const std::string& coding) {
    transfer_encoding_ = true;
    if (chunked_) throw refusal{400};
    if (lower_case(coding) == "chunked") {
        chunked_ = true;
        return;
    }
    const std::string name{without_blanks_around(coding.substr(0, coding.find(';')))};
    if (!is_token(name)) throw refusal{400};
    if (lower_case(name).contains("chunked")) throw refusal{400};
    unknown_coding_ = true;
}

void meaning::add_connection_option(const std::string& option) {
    if (lower_case(option) == "close") close_ = true;
    if (lower_case(option) == "keep-alive") keep_alive_ = true;
}

// Expect = #expectation (RFC 9110 section 10.1.1), and an empty element of a list is none (section
// 5.6.1.2).
void meaning::add_expectation(const std::string& expectation) {
    if (lower_case(expectation) == "100-continue")
        expects_continue_ = true;
    else if (!expectation.empty())
        unknown_expectation_ = true;
}

}  // namespace weir::inline v0::http::plain
