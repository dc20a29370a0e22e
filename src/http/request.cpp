#include "weir/http/request.hpp"

#include <stdexcept>
#include <string>

#include "weir/http/percent.hpp"
#include "weir/http/query.hpp"

#include "body_reader.hpp"
#include "route_table.hpp"

namespace weir::inline v0::http {
namespace {

// Its escapes are sound, as the session has checked.
std::string_view form_decoded(std::string_view text, bytes_span room) noexcept {
    return form_decode(text, {reinterpret_cast<char*>(room.data()), room.size()}).value_or(text);
}

}  // namespace

std::string_view request::param(std::string_view name) const {
    if (route_ != nullptr) {
        for (std::size_t at = 0; at < route_->params.size(); ++at)
            if (route_->params[at] == name) return params_[at];
    }
    throw std::out_of_range{"the route has no parameter " + std::string{name}};
}

std::optional<std::string_view> request::query(std::string_view name) {
    for (query_pairs pairs{query()}; const auto pair = pairs.next();) {
        if (!name_is(pair->name, name)) continue;
        const std::string_view value =
            form_decoded(pair->value, texts_.reserve(pair->value.size()));
        // Without an escape it stays where it is.
        if (value.data() != pair->value.data()) texts_.commit(value.size());
        return value;
    }
    return std::nullopt;
}

bool request::name_is(std::string_view encoded, std::string_view name) {
    if (encoded.find_first_of("%+") == std::string_view::npos) return encoded == name;
    return form_decoded(encoded, texts_.reserve(encoded.size())) == name;
}

task<result<bytes_view>> request::read_body() { return body_->all(); }
task<result<bytes_view>> request::body_chunk() { return body_->next(); }
bytes_view request::body() const noexcept { return body_->collected(); }

std::string_view request::route() const noexcept {
    return route_ == nullptr ? std::string_view{"other"} : std::string_view{route_->pattern};
}

const io::endpoint& request::peer() const noexcept { return body_->connection().peer(); }

}  // namespace weir::inline v0::http
