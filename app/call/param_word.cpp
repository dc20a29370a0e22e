#include "app/call/param_word.hpp"

namespace weir::app {

result<param_word> param_word::split(std::string_view word) {
    const auto at = word.find('=');
    const bool json = at != std::string_view::npos && at > 0 && word[at - 1] == ':';
    const std::string_view name = word.substr(0, json ? at - 1 : at);
    if (at == std::string_view::npos || name.empty())
        return fail(errc::invalid_argument,
                    "this is neither name=text nor name:=JSON: " + std::string{word});
    return param_word{name, word.substr(at + 1), json};
}

result<param_word> param_word::parse(std::string_view word) {
    auto made = split(word);
    if (!made) return made;
    frame::call_params tried;
    made->add_to(tried);
    if (tried.valid()) return made;
    return fail(errc::invalid_argument,
                made->name() + (made->is_json() ? " is not one JSON value: " : " is not UTF-8: ") +
                    made->value());
}

void param_word::add_to(frame::call_params& params) const {
    if (json_)
        params.json(name_, value_);
    else
        params.text(name_, value_);
}

}  // namespace weir::app
