#include "weir/http/form.hpp"

#include "weir/http/percent.hpp"

namespace weir::inline v0::http {
namespace {

// Its escapes are sound.
std::string_view decoded_form(std::string_view text, bytes_span room) noexcept {
    return form_decode(text, {reinterpret_cast<char*>(room.data()), room.size()}).value_or(text);
}

bool is_encoded(std::string_view text) noexcept {
    return text.find_first_of("%+") != std::string_view::npos;
}

}  // namespace

std::optional<std::string_view> form::find(std::string_view name) const {
    for (query_pairs left = pairs(); const auto pair = left.next();) {
        const bool same = is_encoded(pair->name)
                              ? decoded_form(pair->name, texts_->reserve(pair->name.size())) == name
                              : pair->name == name;
        if (!same) continue;
        if (!is_encoded(pair->value)) return pair->value;
        const auto value = decoded_form(pair->value, texts_->reserve(pair->value.size()));
        texts_->commit(value.size());
        return value;
    }
    return std::nullopt;
}

}  // namespace weir::inline v0::http
