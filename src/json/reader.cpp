#include "weir/json/reader.hpp"

#include <algorithm>
#include <new>
#include <optional>
#include <string>

#include <simdjson.h>

namespace weir::inline v0::json {

namespace dom = simdjson::dom;

namespace {

// A parser for a large document holds some ten times its size; that much is not kept.
constexpr std::size_t kept_capacity = std::size_t{64} * 1024;
constexpr std::size_t least_capacity = 1024;

error refusal_of(simdjson::error_code code) {
    if (code == simdjson::MEMALLOC) return errc::out_of_memory;
    if (code == simdjson::DEPTH_ERROR)
        return {errc::malformed,
                "the JSON nests deeper than " + std::to_string(reader::max_depth) + " levels"};
    if (code == simdjson::UTF8_ERROR) return {errc::malformed, "the JSON is not UTF-8"};
    if (code == simdjson::EMPTY) return {errc::malformed, "there is no JSON"};
    if (code == simdjson::NUMBER_ERROR)
        return {errc::malformed, "a number is none of JSON, or out of range"};
    return {errc::malformed, "this is no JSON"};
}

value value_of(const dom::element& element) {
    value value;
    switch (element.type()) {
        case dom::element_type::NULL_VALUE:
            break;
        case dom::element_type::BOOL:
            value.is = value::kind::boolean;
            value.boolean = element.get_bool().value_unsafe();
            break;
        case dom::element_type::INT64:
            value.is = value::kind::integer;
            value.integer = element.get_int64().value_unsafe();
            break;
        case dom::element_type::UINT64:
        case dom::element_type::DOUBLE:
            value.is = value::kind::real;
            value.real = element.get_double().value_unsafe();
            break;
        case dom::element_type::STRING:
            value.is = value::kind::text;
            value.text = element.get_string().value_unsafe();
            break;
        case dom::element_type::ARRAY:
            value.is = value::kind::array;
            break;
        case dom::element_type::OBJECT:
            value.is = value::kind::object;
            break;
    }
    return value;
}

result<> visit(dom::object object, visitor& visitor) {
    for (const dom::key_value_pair member : object)
        if (auto taken = visitor.on_member(member.key, value_of(member.value)); !taken)
            return taken;
    return {};
}

}  // namespace

struct reader::state {
    void make_parser(std::size_t capacity) {
        parser.emplace();
        if (parser->allocate(capacity, max_depth) != simdjson::SUCCESS) throw std::bad_alloc{};
    }

    std::optional<dom::parser> parser;
    dom::object root;
};

reader::reader() : state_{std::make_unique<state>()} {}
reader::~reader() = default;

result<> reader::parse(bytes_view text) {
    if (!state_->parser || state_->parser->capacity() > kept_capacity)
        state_->make_parser(std::clamp(text.size(), least_capacity, kept_capacity));
    dom::element root;
    const std::string_view json = as_text(text);
    if (const auto code = state_->parser->parse(json.data(), json.size()).get(root))
        return fail(refusal_of(code));
    if (root.get(state_->root)) return fail(errc::malformed, "the JSON must be an object");
    return {};
}

result<> reader::each_member(visitor& visitor) const { return visit(state_->root, visitor); }

result<> reader::each_member_of(std::string_view name, visitor& visitor) const {
    for (const dom::key_value_pair member : state_->root) {
        if (member.key != name) continue;
        dom::object inner;
        if (member.value.get(inner)) break;
        return visit(inner, visitor);
    }
    return fail(errc::not_found, std::string{name} + " is no object");
}

}  // namespace weir::inline v0::json
