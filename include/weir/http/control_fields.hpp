// What the fields that steer the connection say, gathered as they are read: Host, Content-Length,
// Transfer-Encoding, Connection and Expect. All other fields are the handler's affair.
//
// Each of these has been used to make two parsers disagree about where a message ends, hence no
// repairs: what is not exactly right is a violation.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/http/field.hpp"
#include "weir/http/version.hpp"
#include "weir/http/violation.hpp"

namespace weir::inline v0::http {

// How the end of a body is found (RFC 9112 section 6.3).
enum class framing : std::uint8_t { none, length, chunked };

// Whose fields they are: Host and Expect mean nothing in a response.
enum class message : std::uint8_t { request, response };

class WEIR_API control_fields {
public:
    explicit control_fields(message of) noexcept : of_{of} {}

    // Tells nearly all fields apart that it does not know, without a second byte being compared.
    static bool may_know(std::string_view name) noexcept {
        return name.size() < first_letters.size() && !name.empty() &&
               first_letters[name.size()] == (name[0] | 0x20);
    }
    // Any field; those it does not know are left alone.
    violation add(const field& each) noexcept;
    // What can only be told when all fields are known.
    violation check(version spoken) const noexcept;

    http::framing framing() const noexcept {
        if (chunked_) return http::framing::chunked;
        return has_length_ ? http::framing::length : http::framing::none;
    }
    std::optional<std::uint64_t> content_length() const noexcept {
        return has_length_ ? std::optional{length_} : std::nullopt;
    }
    // Close wins over keep-alive (RFC 9112 section 9.3).
    bool keep_alive(version spoken) const noexcept {
        return !close_ && (spoken == version::http_1_1 || keep_alive_);
    }
    bool expects_continue() const noexcept { return expects_continue_; }
    std::string_view host() const noexcept { return host_; }

    void rebase(const char* from, const char* to) noexcept;

private:
    // No two of the same length.
    static constexpr std::array<std::string_view, 5> names{"host", "expect", "connection",
                                                           "content-length", "transfer-encoding"};
    // By length, where one is so long.
    static constexpr std::array<char, 32> first_letters = [] {
        std::array<char, 32> of{};
        for (const std::string_view each : names) of[each.size()] = each[0];
        return of;
    }();

    violation add_host(std::string_view value) noexcept;
    violation add_content_length(std::string_view value) noexcept;
    violation add_transfer_encoding(std::string_view value) noexcept;
    violation add_coding(std::string_view coding) noexcept;
    void add_connection(std::string_view value) noexcept;
    void add_expect(std::string_view value) noexcept;

    std::string_view host_;
    std::uint64_t length_ = 0;
    message of_;
    bool has_host_ = false;
    bool has_length_ = false;
    bool has_coding_ = false;
    bool chunked_ = false;
    bool unknown_coding_ = false;
    bool close_ = false;
    bool keep_alive_ = false;
    bool expects_continue_ = false;
    bool unknown_expectation_ = false;
};

}  // namespace weir::inline v0::http
