// Frames over a connection, as the codecs of this library cut them: framed those with a length in
// front, basic_framed<varint_codec> and basic_framed<delimiter_codec> the others.
#pragma once

#include "weir/frame/basic_framed.hpp"
#include "weir/frame/codec.hpp"
#include "weir/frame/delimiter_codec.hpp"
#include "weir/frame/varint_codec.hpp"

namespace weir::inline v0::frame {

extern template class basic_framed<codec>;
extern template class basic_framed<delimiter_codec>;
extern template class basic_framed<varint_codec>;

using framed = basic_framed<codec>;

}  // namespace weir::inline v0::frame
