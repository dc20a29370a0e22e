#include "app/api/frame_request.hpp"

#include <algorithm>
#include <string>

#include "weir/base/utf8.hpp"

namespace weir::app {

namespace {

using kind = json::value::kind;

constexpr std::size_t longest_id = 64;
constexpr std::int64_t longest_timeout_ms = std::int64_t{24} * 3600 * 1000;

class parameters final : public json::visitor {
public:
    explicit parameters(arguments& into) noexcept : into_{&into} {}
    result<> on_member(std::string_view name, const json::value& value) override {
        return into_->add(name, value);
    }

private:
    arguments* into_;
};

auto refuse(const char* why) { return fail(errc::invalid_argument, why); }

error no_such_call(std::string_view name) {
    constexpr std::size_t most_shown = 100;
    std::string text = "there is no call ";
    text += name.size() <= most_shown ? name : "of that name";
    return {errc::not_found, std::move(text)};
}

}  // namespace

result<> frame_request::read(bytes_view frame, json::reader& input, const data_service& data) {
    if (auto parsed = input.parse(frame); !parsed) return parsed;
    (void)input.each_member(*this);
    if (!first_wrong_) return std::move(first_wrong_);
    if (id_.is == kind::null) return refuse("id is missing");
    if (call_.is == kind::null) return refuse("call is missing");
    which_ = data.find(call_.text);
    if (which_ == nullptr) return fail(no_such_call(call_.text));
    with_.emplace(which_->config, memory_);
    if (!has_params_) return {};
    parameters visitor{*with_};
    return input.each_member_of("params", visitor);
}

duration frame_request::timeout() const noexcept {
    return std::min(timeout_.value_or(which_->config.timeout), which_->config.timeout);
}

void frame_request::write_id(json::writer& json) const {
    if (id_.is == kind::integer) return json.integer(id_.integer);
    if (id_.is == kind::text) return (void)json.string(id_.text);
    json.null();
}

// Goes on behind what is wrong: the id, with which to say so, may still come.
result<> frame_request::on_member(std::string_view name, const json::value& value) {
    result<> taken = take(name, value);
    if (!taken && first_wrong_) first_wrong_ = std::move(taken);
    return {};
}

result<> frame_request::take(std::string_view name, const json::value& value) {
    if (name == "id") return take_id(value);
    if (name == "call") return take_call(value);
    if (name == "timeout_ms") return take_timeout(value);
    if (name != "params") return refuse("a call has id, call, params and timeout_ms, and no more");
    if (has_params_) return refuse("params is given twice");
    if (value.is != kind::object) return refuse("params must be an object");
    has_params_ = true;
    return {};
}

result<> frame_request::take_id(const json::value& value) {
    if (id_.is != kind::null) return refuse("id is given twice");
    const bool text = value.is == kind::text && value.text.size() <= longest_id;
    if (value.is != kind::integer && !text)
        return refuse("id must be an integer, or a text of at most 64 bytes");
    id_ = value;
    if (text) id_.text = memory_.copy(value.text);
    return {};
}

result<> frame_request::take_call(const json::value& value) {
    if (call_.is != kind::null) return refuse("call is given twice");
    if (value.is != kind::text) return refuse("call must be a text");
    call_ = value;
    return {};
}

result<> frame_request::take_timeout(const json::value& value) {
    if (timeout_) return refuse("timeout_ms is given twice");
    const bool right =
        value.is == kind::integer && value.integer >= 1 && value.integer <= longest_timeout_ms;
    if (!right) return refuse("timeout_ms must be an integer from 1 to 86400000");
    timeout_ = std::chrono::milliseconds{value.integer};
    return {};
}

}  // namespace weir::app
