#include "weir/json/reader.hpp"

#include "app/call/row_reader.hpp"

namespace weir::app {
namespace {

using json::value;

class members final : public json::visitor {
public:
    result<> on_member(std::string_view name, const value& value) override {
        switch (value.is) {
            case value::kind::null:
                return add(name, nullptr);
            case value::kind::boolean:
                return add(name, value.boolean);
            case value::kind::integer:
                return add(name, value.integer);
            case value::kind::real:
                return add(name, value.real);
            case value::kind::text:
                return add(name, std::string{value.text});
            case value::kind::array:
            case value::kind::object:
                break;
        }
        return fail(errc::malformed, std::string{name} + " is an object or an array");
    }

    row taken;

private:
    result<> add(std::string_view name, row_value value) {
        taken.columns.emplace_back(name, std::move(value));
        return {};
    }
};

class json_rows final : public row_reader {
public:
    result<std::optional<row>> take(std::string_view line) override {
        if (line.find_first_not_of(" \t\r") == std::string_view::npos) return std::nullopt;
        if (auto parsed = reader_.parse(as_bytes(line)); !parsed)
            return std::unexpected{std::move(parsed).error()};
        members found;
        if (auto seen = reader_.each_member(found); !seen)
            return std::unexpected{std::move(seen).error()};
        return std::move(found.taken);
    }

private:
    json::reader reader_;
};

}  // namespace

std::unique_ptr<row_reader> make_json_reader() { return std::make_unique<json_rows>(); }

}  // namespace weir::app
