#include "weir/http/route_group.hpp"

#include <stdexcept>
#include <string>
#include <utility>

#include "route_table.hpp"

namespace weir::inline v0::http {

route_group& route_group::use(middleware around) {
    scope_->middlewares.push_back(std::move(around));
    return *this;
}

route_group& route_group::route(std::string_view method, std::string_view pattern, handler how,
                                const route_options& options) {
    const auto known = parse_method(method);
    if (!known || *known == method::connect)
        throw std::invalid_argument{"a route cannot have the method " + std::string{method}};
    const std::string whole = scope_->prefix + std::string{pattern};
    auto added = std::make_unique<http::route>(std::move(how), whole,
                                               options.label.empty() ? whole : options.label);
    added->belongs_to(*scope_, options);
    table_->add(*known, std::move(added));
    return *this;
}

route_group& route_group::route(std::string_view method, std::string_view pattern, handler how,
                                std::string_view label) {
    route_options options;
    options.label = label;
    return route(method, pattern, std::move(how), options);
}

route_group route_group::group(std::string_view prefix, const route_limits& limits) {
    return {*table_, table_->add_scope(*scope_, prefix, limits)};
}

}  // namespace weir::inline v0::http
