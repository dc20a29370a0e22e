#include "process_environment.hpp"

#include <charconv>
#include <cstdlib>

#include <unistd.h>

namespace weir::inline v0 {

std::string environment_text(const char* name) {
    const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): one thread
    return value == nullptr ? std::string{} : std::string{value};
}

std::optional<std::uint64_t> environment_number(const char* name) {
    const std::string text = environment_text(name);
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, problem] = std::from_chars(text.data(), end, number);
    if (text.empty() || problem != std::errc{} || rest != end) return std::nullopt;
    return number;
}

void forget_environment(const char* name) noexcept {
    ::unsetenv(name);  // NOLINT(concurrency-mt-unsafe): one thread
}

std::uint64_t own_process() noexcept { return static_cast<std::uint64_t>(::getpid()); }

}  // namespace weir::inline v0
