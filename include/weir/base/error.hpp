// What went wrong, as a value.
//
// An error is a code that programs compare and, away from hot paths, a text that people read. The
// codes that every service meets all the time (end of stream, canceled, timed out, overloaded)
// carry no details and so allocate nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "weir/base/api.hpp"

namespace weir::inline v0 {

enum class errc : std::uint8_t {
    end_of_stream = 1,  // the peer finished; nothing more will come
    canceled,           // a stop was requested
    timed_out,          // a deadline passed
    overloaded,         // a bound was reached; try again later
    closed,             // used after it was closed here
    reset,              // the peer, or the network, broke the connection
    refused,            // nobody listens there
    unreachable,        // no way to get there
    address_in_use,     // somebody else listens there
    malformed,          // the bytes break the protocol
    too_large,          // over a limit
    bad_response,       // a server that was asked breaks the protocol, or answers over a limit
    invalid_argument,   // the caller asked for what cannot be
    not_found,          // there is no such thing
    conflict,           // a constraint forbids it
    unavailable,        // the database or a peer is not there now; safe to try again
    outcome_unknown,    // it may or may not have happened; not safe to try again
    unsupported,        // known, and not offered
    unsupported_type,   // a body of a kind that is not read here
    permission_denied,  // not allowed
    out_of_memory,      // no memory, or a memory budget is used up
    storage,            // disk full, or an input/output error underneath
    internal,           // a programmer's error, contained
    system,             // another error of the operating system; see error::text
};

// The code's name, as it is written above.
WEIR_API std::string_view to_string(errc code) noexcept;

class WEIR_API [[nodiscard]] error {
public:
    error(errc code) noexcept
        : code_{code} {}  // NOLINT(google-explicit-constructor): errc is an error
    error(errc code, std::string text);

    // From an errno value, with what was being attempted: "connect 127.0.0.1:9: refused".
    static error from_errno(int number, std::string_view attempt);

    errc code() const noexcept { return code_; }
    // A sentence for people; the code's name where there is no more to say.
    std::string_view text() const noexcept;
    // Five characters of the SQL standard, empty where no database spoke.
    std::string_view sqlstate() const noexcept;
    // What led to this, or null.
    const error* cause() const noexcept;
    // The whole chain: "text: cause: its cause".
    std::string message() const;

    error&& with_sqlstate(std::string_view state) &&;
    error&& because(error cause) &&;
    // Copies details and causes; errors move otherwise.
    error clone() const;

    friend bool operator==(const error& left, errc right) noexcept { return left.code_ == right; }

private:
    struct details;
    struct details_deleter {
        void operator()(details* details) const noexcept;
    };
    details& own_details();

    errc code_;
    std::unique_ptr<details, details_deleter> details_;
};

}  // namespace weir::inline v0
