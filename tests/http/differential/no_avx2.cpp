// What stands in for plain_fields_avx2.cpp: a processor that has no AVX2.
#include "http/plain_fields.hpp"

namespace weir::inline v0::http::plain_fields {

skimmer with_avx2() noexcept { return nullptr; }

}  // namespace weir::inline v0::http::plain_fields
