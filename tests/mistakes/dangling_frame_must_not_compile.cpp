// A frame is a view into the bytes that were decoded, and a delimiter one into its codec.
#include <array>

#include "weir/frame/delimiter_codec.hpp"
#include "weir/frame/varint_codec.hpp"

std::string bytes_of_user();
weir::frame::delimiter_codec lines_of_user();

bool caller(const weir::frame::varint_codec& lengths) {
    const std::string bytes = bytes_of_user();
    const weir::frame::delimiter_codec lines = lines_of_user();
    std::array<std::byte, weir::frame::max_header_length> room{};
    const auto frame = lengths.decode(weir::as_bytes(bytes));
    const auto line = lines.decode(weir::as_bytes(bytes));
    const auto sent = lines.encode(weir::as_bytes(bytes), room);
#ifdef WEIR_MUST_NOT_COMPILE
    const auto other_frame = lengths.decode(weir::as_bytes(bytes_of_user()));
    const auto other_line = lines.decode(weir::as_bytes(bytes_of_user()));
    const auto other_sent = lines_of_user().encode(weir::as_bytes(bytes), room);
    return other_frame.is_frame() && other_line.is_frame() && other_sent;
#endif
    return frame.is_frame() && line.is_frame() && sent;
}
