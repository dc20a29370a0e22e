#include "app/config/text_file.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace weir::app {

namespace {

constexpr std::size_t most = std::size_t{16} << 20;

struct closer {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

std::unexpected<error> fail_as(int number) {
    return fail(errc::storage, std::generic_category().message(number));
}

}  // namespace

result<std::string> read_text_file(const std::filesystem::path& file) {
    const std::unique_ptr<std::FILE, closer> open{std::fopen(file.c_str(), "rbe")};
    if (!open) return fail_as(errno);
    std::string text;
    std::array<char, 16384> piece;
    while (std::feof(open.get()) == 0) {
        const std::size_t size = std::fread(piece.data(), 1, piece.size(), open.get());
        if (std::ferror(open.get()) != 0) return fail_as(errno);
        if (text.size() + size > most) return fail(errc::too_large, "more than 16 MiB");
        text.append(piece.data(), size);
    }
    return text;
}

}  // namespace weir::app
