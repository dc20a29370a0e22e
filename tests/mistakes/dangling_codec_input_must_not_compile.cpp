// A frame is a view into the bytes that were decoded.
#include "weir/frame/codec.hpp"

std::string bytes_of_user();

bool caller(const weir::frame::codec& codec) {
    const std::string bytes = bytes_of_user();
    const auto frame = codec.decode(weir::as_bytes(bytes));
#ifdef WEIR_MUST_NOT_COMPILE
    const auto other = codec.decode(weir::as_bytes(bytes_of_user()));
    return other.is_frame();
#endif
    return frame.is_frame();
}
