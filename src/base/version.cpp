#include "weir/base/version.hpp"

namespace weir::inline v0 {

const std::string_view version = WEIR_VERSION;
#if defined(__clang__)
const std::string_view compiler = "clang " __clang_version__;
#else
const std::string_view compiler = "gcc " __VERSION__;
#endif

}  // namespace weir::inline v0
