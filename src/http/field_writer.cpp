#include "weir/http/field_writer.hpp"

#include <cstring>
#include <string>

#include "weir/http/field.hpp"
#include "weir/http/grammar.hpp"

namespace weir::inline v0::http {

result<> field_writer::add(std::string_view name, std::string_view value) {
    if (result<> checked = check_field(name, value); !checked) return checked;
    if (grammar::belongs_to_connection(name))
        return fail(errc::invalid_argument,
                    "the connection writes field " + std::string{name} + " itself");
    if (needed(name, value) > room_.size() - used_) return fail(errc::too_large);
    put(name);
    put(": ");
    put(value);
    put("\r\n");
    return {};
}

void field_writer::put(std::string_view text) noexcept {
    std::memcpy(room_.data() + used_, text.data(), text.size());
    used_ += text.size();
}

}  // namespace weir::inline v0::http
