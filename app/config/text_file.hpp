// A whole file as a text.
#pragma once

#include <filesystem>
#include <string>

#include "weir/base/result.hpp"

namespace weir::app {

// errc::too_large over 16 MiB: whatever that is, it is no configuration.
result<std::string> read_text_file(const std::filesystem::path& file);

}  // namespace weir::app
