#include "app/api/frame_call.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace weir::app {

namespace {

class parameters final : public json::visitor {
public:
    explicit parameters(arguments& into) noexcept : into_{&into} {}
    result<> on_member(std::string_view name, const json::value& value) override {
        return into_->add(name, value);
    }

private:
    arguments* into_;
};

error no_such_call(std::string_view name) {
    constexpr std::size_t most_shown = 100;
    std::string text = "there is no call ";
    text += name.size() <= most_shown ? name : "of that name";
    return {errc::not_found, std::move(text)};
}

}  // namespace

result<> frame_call::take(const call::request& asked, const data_service& data) {
    id_ = asked.id.is_text() ? call::id{memory_.copy(asked.id.text())} : asked.id;
    if (!asked.sound) return fail(asked.sound.error().clone());
    timeout_ = asked.timeout;
    which_ = data.find(asked.name);
    if (which_ == nullptr) return fail(no_such_call(asked.name));
    return {};
}

result<> frame_call::take_params(const call::request& asked, const json::reader& input,
                                 integer_style integers) {
    with_.emplace(which_->config, memory_, integers);
    if (!asked.has_params) return {};
    parameters visitor{*with_};
    return input.each_member_of("params", visitor);
}

duration frame_call::timeout() const noexcept {
    return std::min(timeout_.value_or(which_->config.timeout), which_->config.timeout);
}

}  // namespace weir::app
