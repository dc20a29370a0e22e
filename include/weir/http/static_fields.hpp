// Whole field lines that are known when the program is compiled, and are checked then as
// field_writer::add checks the others: "Cache-Control: no-store\r\nVary: Accept\r\n".
#pragma once

#include <cstddef>
#include <string_view>

#include "weir/http/grammar.hpp"

namespace weir::inline v0::http {

class static_fields {
public:
    consteval static_fields(const char* literal)  // NOLINT(google-explicit-constructor)
        : lines_{literal} {
        for (std::string_view left = lines_; !left.empty();) {
            const std::size_t end = left.find("\r\n");
            if (end == left.npos) throw "a field line ends with CRLF";
            check(left.substr(0, end));
            left.remove_prefix(end + 2);
        }
    }

    constexpr std::string_view view() const noexcept { return lines_; }

private:
    static consteval void check(std::string_view line) {
        const std::size_t colon = line.find(": ");
        if (colon == line.npos) throw "a field line is a name, a colon, a space and a value";
        const std::string_view name = line.substr(0, colon);
        if (!grammar::is_token(name)) throw "a field's name is a token";
        if (!grammar::is_value(line.substr(colon + 2)))
            throw "a field's value holds no control character, and no space around it";
        if (grammar::belongs_to_connection(name)) throw "the connection writes this field itself";
    }

    std::string_view lines_;
};

}  // namespace weir::inline v0::http
