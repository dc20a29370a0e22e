// All fuzz targets. Each takes any bytes at all, is deterministic, keeps nothing between two calls,
// and throws where something does not hold.
//
// One that has several variants reads the bytes under other limits, or another layout, in each. A
// fuzzer tries one variant of an input, which its size decides, so that it tries many inputs; the
// test that replays one tries all of them.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "weir/base/bytes.hpp"

namespace weir::fuzz {

void call_messages(bytes_view input, std::size_t variant);
void config(bytes_view input, std::size_t variant);
void delimiter_codec(bytes_view input, std::size_t variant);
void frame_codec(bytes_view input, std::size_t variant);
void request_machine(bytes_view input, std::size_t variant);
void response_machine(bytes_view input, std::size_t variant);
void routes(bytes_view input, std::size_t variant);
void varint_codec(bytes_view input, std::size_t variant);

struct target {
    std::string_view name;  // of its folder in seeds/, too
    void (*run)(bytes_view input, std::size_t variant);
    std::size_t variants = 1;
};

inline constexpr std::array targets{
    target{"call_messages", call_messages},
    target{"config", config},
    target{"delimiter_codec", delimiter_codec, 4},
    target{"frame_codec", frame_codec, 5},
    target{"request_machine", request_machine, 2},
    target{"response_machine", response_machine, 4},
    target{"routes", routes},
    target{"varint_codec", varint_codec, 4},
};

}  // namespace weir::fuzz
