#include "app/init/config_text.hpp"

#include <fmt/format.h>

#include "weir/base/utf8.hpp"

#include "app/init/config_string.hpp"
#include "app/init/endpoint_text.hpp"
#include "app/init/names.hpp"

namespace weir::app {

namespace {

constexpr std::string_view head =
    R"(# Written by `weir init`: this database, for reading. Take out what nobody is to see.
# `weir check FILE` tells what is wrong with it, and `weir serve FILE` serves it.

[database]
url = {}

[http]
listen = "127.0.0.1:8080"

[frames]
listen = "127.0.0.1:9000"

[admin]
listen = "127.0.0.1:8081"
)";

// On one line, and UTF-8, whatever it is made of.
std::string comment(std::string text) {
    const bool plain = !is_utf8(text);
    for (char& c : text)
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7f' || (plain && (c & '\x80') != 0))
            c = '?';
    return "# " + text + '\n';
}

}  // namespace

std::string config_text(std::string_view url, const catalogue& all) {
    std::string text = fmt::format(head, config_string(url));
    if (!all.others.empty()) text += '\n';
    for (const left_out& each : all.others)
        text += comment(fmt::format("Left out: {}: {}", each.name, each.why));
    unique_names slugs{'-'};
    for (const relation& each : all.relations)
        text += endpoints_text(each, slugs.take(slug(each.name, "table")));
    return text;
}

}  // namespace weir::app
