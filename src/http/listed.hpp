// What stands in a field that is a list, such as Connection or Upgrade.
#pragma once

#include <span>
#include <string_view>

#include "weir/http/field.hpp"

#include "ascii.hpp"

namespace weir::inline v0::http {

// Whether an element of the fields with this name, which is in lower case, is `wanted`, in any
// case.
inline bool lists(std::span<const field> fields, std::string_view name,
                  std::string_view wanted) noexcept {
    bool found = false;
    for (const field& each : fields) {
        if (!ascii::is(each.name, name)) continue;
        ascii::each_element(each.value, [&](std::string_view element) {
            found = found || ascii::same(element, wanted);
            return !found;
        });
    }
    return found;
}

}  // namespace weir::inline v0::http
