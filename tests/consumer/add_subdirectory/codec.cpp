// Exits with 0 where the codec finds the frame that stands in the bytes.
#include "weir/frame/codec.hpp"

#include <array>
#include <cstddef>

int main() {
    const std::array<std::byte, 5> bytes{{{}, {}, {}, std::byte{1}, std::byte{'x'}}};
    const auto found = weir::frame::codec{}.decode(bytes);
    return found.is_frame() && weir::as_text(found.payload()) == "x" ? 0 : 1;
}
