#include "app/call/column_map.hpp"

#include <algorithm>

namespace weir::app {
namespace {

struct adder {
    void operator()(std::nullptr_t) const { params.null(name); }
    void operator()(bool value) const { params.boolean(name, value); }
    void operator()(std::int64_t value) const { params.integer(name, value); }
    void operator()(double value) const { params.number(name, value); }
    void operator()(const std::string& value) const {
        json ? params.json(name, value) : params.text(name, value);
    }

    frame::call_params& params;
    const std::string& name;
    bool json;
};

}  // namespace

result<frame::call_params> column_map::params_of(const row& from) const {
    frame::call_params params;
    for (const param_word& each : columns_) {
        const auto found = std::ranges::find(from.columns, each.name(),
                                             &decltype(row::columns)::value_type::first);
        if (found == from.columns.end())
            return fail(errc::malformed, "there is no column " + each.name());
        std::visit(adder{params, each.value(), each.is_json()}, found->second);
        if (!params.valid()) return fail(errc::malformed, each.name() + " is no JSON, or no UTF-8");
    }
    if (columns_.empty())
        for (const auto& [name, value] : from.columns)
            std::visit(adder{params, name, false}, value);
    if (!params.valid()) return fail(errc::malformed, "the row is not UTF-8");
    for (const param_word& each : constants_) each.add_to(params);
    return params;
}

}  // namespace weir::app
