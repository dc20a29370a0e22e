// What whoever started the process says in its environment. Before there are other threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace weir::inline v0 {

// Empty where it is not there.
std::string environment_text(const char* name);
// Nothing where it is not there, or no such number.
std::optional<std::uint64_t> environment_number(const char* name);
void forget_environment(const char* name) noexcept;
std::uint64_t own_process() noexcept;

}  // namespace weir::inline v0
