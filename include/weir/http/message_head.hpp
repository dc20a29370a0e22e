// What the heads of requests and responses have in common: a version and fields, as views into the
// receive buffer.
//
// Parsing allocates nothing: the fields lie in an array of fixed capacity, which is why a head is
// over 3 KiB and belongs on its loop's free list, not in every connection. One loop uses it.
//
// Lifetime: the bytes of the head must stay where they are from the machine's `head` action until
// the message is finished; where they have to move, rebase() tells the head. Until that action the
// machine follows moves by itself. reset() forgets the message and keeps the object. fields() ends
// with its message, too: where views are watched (AddressSanitizer, a debug build of Weir), each
// message has an array of its own, and who looks at an earlier one's ends the process.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/lifetime.hpp"
#include "weir/base/watched_array.hpp"
#include "weir/http/control_fields.hpp"
#include "weir/http/field.hpp"
#include "weir/http/limits.hpp"
#include "weir/http/version.hpp"

namespace weir::inline v0::http {

class WEIR_API message_head {
public:
    message_head(const message_head&) = delete;
    message_head& operator=(const message_head&) = delete;

    http::version version() const noexcept { return version_; }
    std::span<const field> fields() const noexcept WEIR_LIFETIMEBOUND {
        return {fields_.data(), count_};
    }
    // The value of the first field of this name, or nothing. O(number of fields).
    std::optional<std::string_view> find(std::string_view name) const noexcept;
    // The message has ended, and with it what fields() has shown.
    void end_fields() noexcept {
        count_ = 0;
        fields_.renew();
    }

    // The peer lets the connection go on (RFC 9112 section 9.3).
    bool keep_alive() const noexcept { return control_.keep_alive(version_); }
    http::framing framing() const noexcept { return control_.framing(); }
    bool chunked() const noexcept { return framing() == http::framing::chunked; }
    // As announced; nothing where no Content-Length was sent.
    std::optional<std::uint64_t> content_length() const noexcept {
        return control_.content_length();
    }

protected:
    explicit message_head(message which) noexcept : control_{which} {}
    ~message_head() = default;

    const control_fields& control() const noexcept { return control_; }
    void rebase_fields(const char* from, const char* to) noexcept;
    // Those of the last message, as they were, once more.
    void repeat_fields(std::uint32_t count, const control_fields& control) noexcept {
        count_ = count;
        control_ = control;
    }
    void reset_fields(message which) noexcept {
        if (count_ > 0) end_fields();
        control_ = control_fields{which};
    }

private:
    friend class head_reader;

    http::version version_ = http::version::http_1_1;
    std::uint32_t count_ = 0;
    control_fields control_;
    watched_array<field, limits::field_capacity> fields_;
};

}  // namespace weir::inline v0::http
