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

bool is_empty(std::string_view text, bool json) { return json ? text == "null" : text.empty(); }

bool is_nothing(const row_value& value, bool json) {
    if (const auto* text = std::get_if<std::string>(&value)) return is_empty(*text, json);
    return std::holds_alternative<std::nullptr_t>(value);
}

}  // namespace

result<mapped_row> column_map::map(const row& from) const {
    mapped_row made;
    for (const param_word& each : columns_) {
        const auto found = std::ranges::find(from.columns, each.name(),
                                             &decltype(row::columns)::value_type::first);
        if (found == from.columns.end())
            return fail(errc::malformed, "there is no column " + each.name());
        const row_value& value = found->second;
        if (leaves_out(each.value(), is_nothing(value, each.is_json()), made)) continue;
        std::visit(adder{made.params, each.value(), each.is_json()}, value);
        if (!made.params.valid())
            return fail(errc::malformed, each.name() + " is no JSON, or no UTF-8");
    }
    if (columns_.empty())
        for (const auto& [name, value] : from.columns)
            if (!leaves_out(name, is_nothing(value, false), made))
                std::visit(adder{made.params, name, false}, value);
    if (!made.params.valid()) return fail(errc::malformed, "the row is not UTF-8");
    for (const param_word& each : constants_)
        if (!leaves_out(each.name(), is_empty(each.value(), each.is_json()), made))
            each.add_to(made.params);
    return made;
}

bool column_map::leaves_out(std::string_view name, bool nothing, mapped_row& into) const {
    if (key_.empty() || name != key_) return false;
    into.has_key = into.has_key || !nothing;
    return nothing;
}

}  // namespace weir::app
