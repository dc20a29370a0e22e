// What a server says: each function writes one whole frame's JSON.
//
// The rows of an answer that went well are the caller's to write. Throws std::bad_alloc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/error.hpp"
#include "weir/call/id.hpp"
#include "weir/json/writer.hpp"

namespace weir::inline v0::call {

// The only one there is.
constexpr std::int64_t version = 1;

struct server_hello {
    server_hello(std::size_t in_flight, std::size_t max_frame) noexcept
        : in_flight{in_flight}, max_frame{max_frame} {}

    std::size_t in_flight;
    std::size_t max_frame;
};

WEIR_API void write_hello(const server_hello& hello, json::writer& json);
WEIR_API void write_goodbye(std::string_view reason, json::writer& json);
// Of one call; with an id that is none, of the connection, whose last frame it is.
WEIR_API void write_error(const id& of, const error& why, json::writer& json);

// How a code is called on the wire: its own name where docs/protocol.md has it. What it does not
// have is something of our own that broke, and so "internal".
WEIR_API std::string_view wire_code(errc code) noexcept;

}  // namespace weir::inline v0::call
