// The program's configuration: whatever the text is, it is read, or every problem names a place
// that the text has. What is in effect, written down as TOML, is in effect again when that is read.
#include "app/config/config.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "fuzz/hold.hpp"
#include "fuzz/targets.hpp"

namespace weir::fuzz {
namespace {

// Its folder holds nothing to read.
const std::string name = "/nonexistent/weir.toml";

std::optional<std::string> variables(std::string_view which) {
    if (which == "SECRET") return "0123456789abcdef";
    return std::nullopt;
}

}  // namespace

void config(bytes_view input, std::size_t) {
    const std::string_view text = as_text(input);
    const app::config_reading reading = app::read_config(text, name, variables);
    const auto lines = std::ranges::count(text, '\n') + 1;
    for (const auto* all : {&reading.found, &reading.advice})
        for (const app::problem& each : *all) {
            hold(!each.message.empty(), "a problem has a message");
            hold(each.where.line <= lines, "a problem is within the text");
        }
    const auto parsed = app::parse_config(text, name, variables);
    hold(parsed.has_value() == reading.found.empty(), "a text is read where it has no problem");
    if (!parsed) return;
    const std::string effective = reading.effective.toml();
    const app::config_reading again = app::read_config(effective, name, variables);
    // Secrets are not written down, so a text that has one may have a problem now.
    if (again.found.empty())
        hold(again.effective.toml() == effective, "what is in effect comes back");
    else
        hold(effective.contains("\"***\""), "what is in effect can be read");
}

}  // namespace weir::fuzz
