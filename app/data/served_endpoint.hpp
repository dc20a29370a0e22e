// An endpoint whose statement the database has seen: what a call needs to know, found out once.
//
// Made before the service runs and not changed after; every loop reads it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.hpp"
#include "weir/db/rows.hpp"
#include "weir/db/statement_info.hpp"

#include "app/config/endpoint.hpp"

namespace weir::app {

// "/sightings/{id}", cut up once.
class location_template {
public:
    location_template() = default;
    explicit location_template(std::string_view text);

    bool empty() const noexcept { return pieces_.empty(); }
    // The names in it, in order.
    std::vector<std::string_view> names() const;
    // Appended to `into`, values percent-encoded. Errors: internal where the row lacks a column, or
    // has NULL or a blob in it.
    result<> expand(const db::rows& rows, std::string& into) const;

private:
    struct piece {
        std::string text;
        bool is_column = false;
    };
    std::vector<piece> pieces_;
};

struct served_endpoint {
    served_endpoint(endpoint declared, const db::statement_info& info)
        : config{std::move(declared)}, location{config.location}, readonly{info.readonly} {}

    endpoint config;
    location_template location;
    bool readonly;  // the statement may run on a reader
};

}  // namespace weir::app
