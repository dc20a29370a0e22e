// What a client says and hears: the protocol's messages as JSON (docs/protocol.md).
//
// Members that are not known are passed over, so that the protocol can grow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weir/base/bytes.hpp"
#include "weir/base/clock.hpp"
#include "weir/base/result.hpp"
#include "weir/json/reader.hpp"

namespace weir::inline v0::frame {

inline constexpr std::string_view protocol_name = "weir";
inline constexpr std::int64_t protocol_version = 1;

struct server_message {
    enum class kind : std::uint8_t { hello, answer, refusal, goodbye };

    kind is = kind::answer;
    // Of an answer.
    std::int64_t id = 0;
    // Why a call failed; of a refusal, why the connection ends.
    std::optional<error> why;
    // Of a hello.
    std::size_t in_flight = 1;
    std::size_t max_frame = 0;
};

class message_reader {
public:
    // Errors: malformed, unsupported (a hello of another protocol or version), out_of_memory.
    result<server_message> read(bytes_view frame);

private:
    json::reader reader_;
};

std::string hello_message(std::string_view token);
std::string cancel_message(std::int64_t id);
// `call` is the part of a call that call_text() has made; the time is rounded up to milliseconds.
std::string call_message(std::int64_t id, std::string_view call, duration timeout);
std::string call_text(std::string_view name, std::string_view params);

// An answer's object without its member "id". frame is an object that message_reader has accepted.
std::string without_id(std::string_view frame);

}  // namespace weir::inline v0::frame
