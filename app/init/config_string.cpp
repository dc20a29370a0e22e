#include "app/init/config_string.hpp"

#include "app/config/settings.hpp"

namespace weir::app {

std::string config_string(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '{' && escaped.ends_with('$')) escaped += '$';
        escaped += c;
    }
    return toml_text(escaped);
}

}  // namespace weir::app
