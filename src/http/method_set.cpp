#include "weir/http/method_set.hpp"

namespace weir::inline v0::http {

std::string method_set::text() const {
    std::string names;
    for (unsigned at = 0; at < method_count; ++at) {
        const auto each = static_cast<method>(at);
        const bool offered =
            has(each) || each == method::options || (each == method::head && has(method::get));
        if (!offered) continue;
        if (!names.empty()) names += ", ";
        names += to_string(each);
    }
    return names;
}

}  // namespace weir::inline v0::http
