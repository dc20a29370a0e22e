#include "http/differential/reading_text.hpp"

namespace weir::inline v0::http {
namespace {

std::string describe(const plain::request& each);

}  // namespace

std::string escaped(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string made;
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        if (c == '\r')
            made += "\\r";
        else if (c == '\n')
            made += "\\n";
        else if (c == '\\' || c == '"')
            (made += '\\') += c;
        else if (octet >= 0x20 && octet < 0x7F)
            made += c;
        else
            ((made += "\\x") += digits[octet / 16]) += digits[octet % 16];
    }
    return made;
}

std::string describe(const plain::reading& said) {
    std::string made;
    for (const plain::request& each : said.requests) made += describe(each);
    switch (said.end) {
        case plain::ending::between_requests:
            return made + "  between requests\n";
        case plain::ending::inside_request:
            return made + "  inside a request\n";
        case plain::ending::closed:
            return made + "  closed\n";
        case plain::ending::rejected:
            return made + "  rejected with " + std::to_string(said.status) + '\n';
    }
    return made;
}

std::string describe(const limits& bounds) {
    return "target " + std::to_string(bounds.max_target_bytes) + ", fields " +
           std::to_string(bounds.max_fields) + " of " + std::to_string(bounds.max_field_bytes) +
           ", body " + std::to_string(bounds.max_body_bytes) + ", chunk extensions " +
           std::to_string(bounds.max_chunk_extension_bytes) + ", trailers " +
           std::to_string(bounds.max_trailer_bytes);
}

namespace {

std::string describe(const plain::request& each) {
    std::string made = "  " + each.method + ' ' + escaped(each.target) + " HTTP/1." +
                       std::to_string(each.minor_version) + " path=" + escaped(each.path) +
                       " query=" + escaped(each.query) + " host=" + escaped(each.host);
    if (each.keeps_alive) made += " keeps-alive";
    if (each.expects_continue) made += " expects-continue";
    made += each.complete ? " complete\n" : " incomplete\n";
    for (const plain::field& line : each.fields)
        made += "    " + line.name + ": " + escaped(line.value) + '\n';
    made += "    \"" + escaped(each.body) + "\"\n";
    for (const plain::field& line : each.trailers)
        made += "    " + line.name + ": " + escaped(line.value) + '\n';
    return made;
}

}  // namespace
}  // namespace weir::inline v0::http
