#include "app/config/secret.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

#include "app/config/text_file.hpp"

namespace weir::app {

namespace {

namespace fs = std::filesystem;

void advise(const reading& reading, const section& in, std::string_view key, const fs::path& file) {
    std::error_code none;
    const auto permissions = fs::status(file, none).permissions();
    if (none || (permissions & fs::perms::others_read) == fs::perms::none) return;
    reading.advice.add(in.place_of(key), in.key_of(key),
                       "anybody on this machine may read " + file.string() + ": chmod o-r");
}

}  // namespace

result<std::string> read_secret(const fs::path& file) {
    auto content = read_text_file(file);
    if (!content)
        return fail(content.error().code(),
                    file.string() + " cannot be read: " + content.error().message());
    if (content->ends_with('\n')) content->pop_back();
    if (content->ends_with('\r')) content->pop_back();
    if (content->empty()) return fail(errc::invalid_argument, file.string() + " is empty");
    return content;
}

bool read_secret_file(const reading& reading, section& in, std::string_view key,
                      std::string& into) {
    std::string name;
    if (!in.read_text(key, name)) return false;
    const fs::path file = (reading.folder / name).lexically_normal();
    auto content = read_secret(file);
    if (!content) {
        in.add(key, std::string{content.error().text()});
        return false;
    }
    advise(reading, in, key, file);
    into = std::move(*content);
    return true;
}

}  // namespace weir::app
