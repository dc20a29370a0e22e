#include "weir/frame/call_params.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "weir/base/utf8.hpp"
#include "weir/json/escape.hpp"
#include "weir/json/reader.hpp"

namespace weir::inline v0::frame {
namespace {

template <class Number>
void append_number(std::string& to, Number value) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    to.append(digits.data(), end);
}

class member_counter final : public json::visitor {
public:
    result<> on_member(std::string_view, const json::value&) override {
        ++members;
        return {};
    }

    int members = 0;
};

// A text that brings further members with it is not one value.
bool is_one_value(std::string_view json) {
    json::reader reader;
    member_counter seen;
    const std::string tried = "{\"value\":" + std::string{json} + '}';
    return reader.parse(as_bytes(tried)) && reader.each_member(seen) && seen.members == 1;
}

}  // namespace

result<call_params> call_params::parse(std::string_view json) {
    json::reader reader;
    if (auto read = reader.parse(as_bytes(json)); !read)
        return std::unexpected{std::move(read).error()};
    call_params made;
    const auto first = json.find('{');
    made.json_ = json.substr(first, json.rfind('}') + 1 - first);
    return made;
}

call_params& call_params::text(std::string_view name, std::string_view value) {
    member(name);
    quoted(value);
    json_ += '}';
    return *this;
}

call_params& call_params::integer(std::string_view name, std::int64_t value) {
    member(name);
    append_number(json_, value);
    json_ += '}';
    return *this;
}

call_params& call_params::number(std::string_view name, double value) {
    if (!std::isfinite(value)) return null(name);
    member(name);
    append_number(json_, value);
    json_ += '}';
    return *this;
}

call_params& call_params::boolean(std::string_view name, bool value) {
    member(name);
    json_ += value ? "true}" : "false}";
    return *this;
}

call_params& call_params::null(std::string_view name) {
    member(name);
    json_ += "null}";
    return *this;
}

std::string_view call_params::json() const noexcept {
    return json_ == "{}" ? std::string_view{} : json_;
}

call_params& call_params::json(std::string_view name, std::string_view value) {
    valid_ = valid_ && is_one_value(value);
    member(name);
    json_.append(value);
    json_ += '}';
    return *this;
}

// Opens the object again and leaves it open for the value.
void call_params::member(std::string_view name) {
    json_.pop_back();
    if (json_.size() > 1) json_ += ',';
    quoted(name);
    json_ += ':';
}

void call_params::quoted(std::string_view text) {
    valid_ = valid_ && is_utf8(text);
    json_ += '"';
    json::append_escaped(json_, text);
    json_ += '"';
}

}  // namespace weir::inline v0::frame
