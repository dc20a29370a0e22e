#include "weir/http/router.hpp"

#include <utility>

#include "route_table.hpp"

namespace weir::inline v0::http {

router::router() : table_{std::make_unique<route_table>()} {}
router::router(router&&) noexcept = default;
router& router::operator=(router&&) noexcept = default;
router::~router() = default;

route_group router::root() noexcept { return {*table_, table_->root()}; }

router& router::use(middleware around) {
    root().use(std::move(around));
    return *this;
}

router& router::route(std::string_view method, std::string_view pattern, handler how,
                      const route_options& options) {
    root().route(method, pattern, std::move(how), options);
    return *this;
}

router& router::route(std::string_view method, std::string_view pattern, handler how,
                      std::string_view label) {
    root().route(method, pattern, std::move(how), label);
    return *this;
}

route_group router::group(std::string_view prefix, const route_limits& limits) {
    return root().group(prefix, limits);
}

router& router::otherwise(handler how) {
    table_->set_otherwise(std::move(how));
    return *this;
}

}  // namespace weir::inline v0::http
