// Secrets that stand in files of their own, as service managers and container runtimes hand them
// over: the key NAME_file in place of NAME.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "weir/base/result.hpp"

#include "app/config/section.hpp"

namespace weir::app {

// A file's content without the line break at its end. Errors name the file and never what is in it:
// those of reading it; invalid_argument where nothing is in it.
result<std::string> read_secret(const std::filesystem::path& file);

// The content of the file that the key names, without the line break at its end. Problems name the
// file and never what is in it. A file that anybody on the machine may read is worth an advice.
bool read_secret_file(const reading& reading, section& in, std::string_view key, std::string& into);

}  // namespace weir::app
