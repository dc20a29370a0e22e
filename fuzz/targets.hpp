// All fuzz targets. Each takes any bytes at all, is deterministic, keeps nothing between two calls,
// and throws where something does not hold.
#pragma once

#include <array>
#include <string_view>

#include "weir/base/bytes.hpp"

namespace weir::fuzz {

void call_messages(bytes_view input);
void config(bytes_view input);
void frame_codec(bytes_view input);
void request_machine(bytes_view input);
void response_machine(bytes_view input);
void routes(bytes_view input);

struct target {
    std::string_view name;  // of its folder in seeds/, too
    void (*run)(bytes_view input);
};

inline constexpr std::array targets{
    target{"call_messages", call_messages},       target{"config", config},
    target{"frame_codec", frame_codec},           target{"request_machine", request_machine},
    target{"response_machine", response_machine}, target{"routes", routes},
};

}  // namespace weir::fuzz
