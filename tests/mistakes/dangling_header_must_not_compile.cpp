// A header lies in the memory that it was written to.
#include "weir/frame/codec.hpp"
#include "weir/frame/varint_codec.hpp"

using weir::frame::envelope;
using weir::frame::header_buffer;

weir::result<envelope> caller(const weir::frame::codec& fixed, weir::bytes_view payload,
                              header_buffer& given) {
#ifdef WEIR_MUST_NOT_COMPILE
    header_buffer own;
    return fixed.encode(payload, own);
#endif
    return fixed.encode(payload, given);
}

weir::result<envelope> caller(const weir::frame::varint_codec& variable, weir::bytes_view payload,
                              header_buffer& given) {
#ifdef WEIR_MUST_NOT_COMPILE
    header_buffer own;
    return variable.encode(payload, own);
#endif
    return variable.encode(payload, given);
}

weir::result<weir::bytes_view> caller(const weir::frame::codec& fixed, header_buffer& given) {
#ifdef WEIR_MUST_NOT_COMPILE
    header_buffer own;
    return fixed.encode_header(3, own);
#endif
    return fixed.encode_header(3, given);
}
