#include "weir/http/request.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "weir/http/percent.hpp"
#include "weir/http/query.hpp"

#include "ascii.hpp"
#include "body_reader.hpp"
#include "hex.hpp"
#include "number_source.hpp"
#include "route.hpp"

namespace weir::inline v0::http {
namespace {

// Its escapes are sound, as the session has checked.
std::string_view form_decoded(std::string_view text, bytes_span room) noexcept {
    return form_decode(text, {reinterpret_cast<char*>(room.data()), room.size()}).value_or(text);
}

constexpr std::size_t longest_id = 128;

bool is_id(std::string_view text) noexcept {
    constexpr std::string_view others = "-_.:/+=@";
    const auto good = [others](char c) {
        const char small = ascii::lower(c);
        return ascii::is_digit(c) || (small >= 'a' && small <= 'z') ||
               others.find(c) != std::string_view::npos;
    };
    return !text.empty() && text.size() <= longest_id && std::ranges::all_of(text, good);
}

}  // namespace

void request::identify(std::uint64_t number, number_source& numbers) noexcept {
    numbers_ = &numbers;
    number_ = number;
    const auto sent = sole("x-request-id");
    if (sent && is_id(*sent)) {
        id_ = *sent;
        return;
    }
    put_hex(made_id_.data(), numbers.next());
    id_ = {made_id_.data(), made_id_.size()};
}

void request::forget() noexcept {
    route_ = nullptr;
    id_ = {};
    trace_.reset();
    texts_.clear();
}

std::optional<std::string_view> request::sole(std::string_view lower_name) const noexcept {
    std::optional<std::string_view> found;
    for (const field& each : fields()) {
        if (!ascii::is(each.name, lower_name)) continue;
        if (found) return std::nullopt;
        found = each.value;
    }
    return found;
}

std::optional<trace_context> request::trace_parent() const noexcept {
    const auto sent = sole(trace_context::field_name);
    return sent ? trace_context::parse(*sent) : std::nullopt;
}

const trace_context& request::trace() {
    if (trace_) return *trace_;
    const auto parent = trace_parent();
    const std::uint64_t span = numbers_->next();
    if (parent) return trace_.emplace(parent->child(span));
    const std::uint64_t high = numbers_->next();
    return trace_.emplace(high, numbers_->next(), span);
}

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
