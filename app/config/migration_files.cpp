#include "app/config/migration_files.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>
#include <tuple>
#include <utility>

#include "app/config/text_file.hpp"

namespace weir::app {

namespace {

namespace fs = std::filesystem;

// "0001_sightings.sql" is 1.
std::optional<std::uint32_t> number_of(const std::string& name) {
    std::uint32_t number = 0;
    const char* const end = name.data() + name.size();
    const auto [rest, wrong] = std::from_chars(name.data(), end, number);
    if (wrong != std::errc{} || number == 0 || rest == end || *rest != '_') return std::nullopt;
    return number;
}

std::string with_plain_line_breaks(std::string_view text) {
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at)
        if (text[at] != '\r' || text.substr(at, 2) != "\r\n") plain += text[at];
    return plain;
}

class folder_reader {
public:
    folder_reader(section& in, std::string_view key) : in_{in}, key_{key} {}

    std::vector<migration_file> read(const fs::path& folder) {
        std::error_code wrong;
        fs::directory_iterator at{folder, wrong};
        for (; !wrong && at != fs::directory_iterator{}; at.increment(wrong))
            if (at->path().extension() == ".sql") take(at->path());
        if (wrong) in_.add(key_, folder.string() + " cannot be read: " + wrong.message());
        std::sort(files_.begin(), files_.end(), [](const auto& left, const auto& right) {
            return std::tie(left.number, left.file) < std::tie(right.number, right.file);
        });
        check_numbers(folder);
        return std::move(files_);
    }

private:
    void take(const fs::path& file) {
        const auto number = number_of(file.filename().string());
        if (!number) return in_.add(key_, file.string() + " has no number: call it 0001_name.sql");
        auto text = read_text_file(file);
        if (!text)
            return in_.add(key_, file.string() + " cannot be read: " + text.error().message());
        files_.push_back({*number, file, with_plain_line_breaks(*text)});
    }

    void check_numbers(const fs::path& folder) {
        std::uint32_t expected = 1;
        for (const migration_file& each : files_) {
            const std::string number = std::to_string(each.number);
            if (each.number < expected) {
                in_.add(key_, each.file.string() + ": there is another file of number " + number);
            } else if (each.number > expected) {
                in_.add(key_, folder.string() + " has no number " + std::to_string(expected) +
                                  ", and has number " + number);
            }
            expected = each.number + 1;
        }
    }

    section& in_;
    std::string_view key_;
    std::vector<migration_file> files_;
};

}  // namespace

std::vector<migration_file> read_migrations(reading& reading, section& in, std::string_view key) {
    std::string name;
    if (!in.read_text(key, name)) return {};
    const fs::path folder = (reading.folder / name).lexically_normal();
    return folder_reader{in, key}.read(folder);
}

}  // namespace weir::app
