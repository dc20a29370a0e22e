// What a client says: a frame is one of these, or it breaks the protocol (docs/protocol.md).
//
// Texts are views into the reader of JSON that read them, and good until its next document.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/clock.hpp"
#include "weir/base/result.hpp"
#include "weir/call/id.hpp"
#include "weir/json/reader.hpp"

namespace weir::inline v0::call {

// {"hello": {"protocol": "weir", "version": 1, "token": "..."}}
struct hello {
    explicit hello(std::int64_t highest = 0) noexcept : version{highest} {}

    std::int64_t version;                   // the highest that the peer speaks
    std::optional<std::string_view> token;  // which shows who the peer is
};

// {"id": 7, "call": "vendor", "params": {...}, "timeout_ms": 500}
struct request {
    request() = default;

    call::id id;
    std::string_view name;
    std::optional<duration> timeout;
    bool has_params = false;  // to be read with each_member_of("params")
    result<> sound;           // invalid_argument, with why, where it has an id and cannot be made
};

// {"cancel": 7}
struct cancel {
    explicit cancel(call::id which = {}) noexcept : id{which} {}

    call::id id;
};

// {"goodbye": {}}: no more calls will come.
struct goodbye {};

using message = std::variant<hello, request, cancel, goodbye>;

// Allocates nothing for a sound message once the reader is warm.
// Errors: malformed, with what is wrong, for whatever is none of them: the end of a conversation.
WEIR_API result<message> read(bytes_view frame, json::reader& input);

}  // namespace weir::inline v0::call
