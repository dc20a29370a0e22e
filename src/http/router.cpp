#include "weir/http/router.hpp"

#include <stdexcept>
#include <utility>

#include "route_table.hpp"

namespace weir::inline v0::http {

router::router() : table_{std::make_unique<route_table>()} {}
router::router(router&&) noexcept = default;
router& router::operator=(router&&) noexcept = default;
router::~router() = default;

router& router::route(std::string_view method, std::string_view pattern, handler how,
                      std::string_view label) {
    const auto known = parse_method(method);
    if (!known || *known == method::connect)
        throw std::invalid_argument{"a route cannot have the method " + std::string{method}};
    table_->add(*known, std::make_unique<http::route>(std::move(how), pattern,
                                                      label.empty() ? pattern : label));
    return *this;
}

router& router::otherwise(handler how) {
    table_->set_otherwise(std::move(how));
    return *this;
}

}  // namespace weir::inline v0::http
