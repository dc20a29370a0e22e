#include "weir/http/field.hpp"

#include <string>

#include "ascii.hpp"
#include "scan.hpp"

namespace weir::inline v0::http {
namespace {

std::string name_byte(char c) {
    static constexpr char digits[] = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    return std::string{"0x"} + digits[byte >> 4] + digits[byte & 0xF];
}

}  // namespace

bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept {
    if (left.size() != right.size()) return false;
    for (std::size_t at = 0; at < left.size(); ++at)
        if (ascii::lower(left[at]) != ascii::lower(right[at])) return false;
    return true;
}

result<> check_field(std::string_view name, std::string_view value) {
    if (name.empty()) return fail(errc::invalid_argument, "a field's name is empty");
    const char* const name_end = name.data() + name.size();
    if (const char* bad = scan::skip_token(name.data(), name_end); bad != name_end)
        return fail(errc::invalid_argument, "a field's name holds the byte " + name_byte(*bad));
    const char* const value_end = value.data() + value.size();
    if (const char* bad = scan::skip_value(value.data(), value_end); bad != value_end)
        return fail(errc::invalid_argument, "the value of field " + std::string{name} +
                                                " holds the byte " + name_byte(*bad));
    if (ascii::trim(value).size() != value.size())
        return fail(errc::invalid_argument,
                    "the value of field " + std::string{name} + " has spaces around it");
    return {};
}

}  // namespace weir::inline v0::http
