#include "weir/http/field_writer.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "weir/http/field.hpp"

#include "ascii.hpp"

namespace weir::inline v0::http {
namespace {

bool belongs_to_connection(std::string_view name) noexcept {
    constexpr std::string_view owned[] = {"connection", "content-length",    "date",
                                          "keep-alive", "transfer-encoding", "upgrade"};
    return std::ranges::any_of(owned,
                               [name](std::string_view each) { return ascii::is(name, each); });
}

}  // namespace

result<> field_writer::add(std::string_view name, std::string_view value) {
    if (result<> checked = check_field(name, value); !checked) return checked;
    if (belongs_to_connection(name))
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
