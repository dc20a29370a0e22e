#include "weir/http/trailer_fields.hpp"

#include "field_line.hpp"

namespace weir::inline v0::http {

std::optional<field> trailer_fields::next() noexcept {
    if (left_.empty()) return std::nullopt;
    field found;
    const char* const first = left_.data();
    const field_line_end line = parse_field_line(first, first + left_.size(), first, found);
    left_.remove_prefix(static_cast<std::size_t>(line.next - first));
    return found;
}

std::optional<std::string_view> trailer_fields::find(std::string_view name) const noexcept {
    for (trailer_fields left = *this; const auto each = left.next();)
        if (equals_ignoring_case(each->name, name)) return each->value;
    return std::nullopt;
}

}  // namespace weir::inline v0::http
