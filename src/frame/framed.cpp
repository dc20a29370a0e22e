#include "weir/frame/framed.hpp"

namespace weir::inline v0::frame {

template class basic_framed<codec>;
template class basic_framed<delimiter_codec>;
template class basic_framed<varint_codec>;

}  // namespace weir::inline v0::frame
