#include "weir/http/request.hpp"

#include <algorithm>
#include <new>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "weir/base/asan.hpp"
#include "weir/base/fence.hpp"
#include "weir/http/percent.hpp"
#include "weir/http/query.hpp"
#include "weir/task/or_return.hpp"

#include "ascii.hpp"
#include "body_reader.hpp"
#include "hex.hpp"
#include "number_source.hpp"
#include "route.hpp"

namespace weir::inline v0::http {
namespace {

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

bool is_form(std::string_view content_type) noexcept {
    return ascii::is(ascii::trim(content_type.substr(0, content_type.find(';'))),
                     "application/x-www-form-urlencoded");
}

// Some say of a body that it has no coding by naming that (RFC 9110 section 12.5.3).
bool is_coding(const field& field) noexcept {
    const std::string_view named = ascii::trim(field.value);
    return ascii::is(field.name, "content-encoding") && !named.empty() &&
           !ascii::is(named, "identity");
}

// What has to be decoded is decoded in one piece.
bool fits_decoded(std::string_view pairs) noexcept {
    for (query_pairs left{pairs}; const auto pair = left.next();) {
        if (pair->name.size() > io::block_writer::largest_room) return false;
        const bool large = pair->value.size() > io::block_writer::largest_room;
        if (large && pair->value.find_first_of("%+") != std::string_view::npos) return false;
    }
    return true;
}

// What was made up for a request lies in it, and is soon the next one's. Where views are watched it
// lies among its decoded texts instead, which are given back with it.
template <class Value>
const Value& watched(Value& made, io::block_writer& texts) noexcept {
    static_assert(alignof(Value) == 1 && std::is_trivially_copyable_v<Value>);
    if (!fence::up() && !under_asan) return made;
    try {
        const bytes_span room = texts.reserve(sizeof(Value));
        texts.commit(sizeof(Value));
        return *::new (room.data()) Value{made};
    } catch (const std::bad_alloc&) {
        return made;
    }
}

}  // namespace

// Where a request could not be read, it has none.
std::string_view request::find_id() const noexcept {
    if (numbers_ == nullptr) return {};
    const auto sent = sole("x-request-id");
    if (sent && is_id(*sent)) return id_ = *sent;
    put_hex(made_id_.data(), numbers_->next());
    const auto& shown = watched(made_id_, texts_);
    return id_ = {shown.data(), shown.size()};
}

void request::forget() noexcept {
    route_ = nullptr;
    numbers_ = nullptr;
    id_ = {};
    trace_ = nullptr;
    texts_.clear();
    head_.end_fields();
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

const trace_context& request::make_trace() {
    const auto parent = trace_parent();
    const std::uint64_t span = numbers_->next();
    if (parent) {
        own_trace_ = parent->child(span);
    } else {
        const std::uint64_t high = numbers_->next();
        own_trace_.emplace(high, numbers_->next(), span);
    }
    trace_ = &watched(*own_trace_, texts_);
    return *trace_;
}

std::string_view request::param(std::string_view name) const {
    if (route_ != nullptr) {
        for (std::size_t at = 0; at < route_->params.size(); ++at)
            if (route_->params[at] == name) return params_[at];
    }
    throw std::out_of_range{"the route has no parameter " + std::string{name}};
}

// Its escapes are sound, as the session has checked.
std::optional<std::string_view> request::query(std::string_view name) {
    return http::form{query(), texts_}.find(name);
}

bool request::has_coded_body() const noexcept {
    return has_body() && std::ranges::any_of(fields(), is_coding);
}

task<result<form>> request::form() {
    if (!is_form(sole("content-type").value_or(""))) {
        co_return fail(errc::unsupported_type,
                       "The body is to be application/x-www-form-urlencoded.");
    }
    if (has_coded_body())
        co_return fail(errc::unsupported_type, "The body is to have no Content-Encoding.");
    const std::string_view pairs = as_text(co_await or_return(read_body()));
    if (!has_sound_escapes(pairs)) {
        co_return fail(errc::malformed, "The form has a % that begins no escape.");
    }
    if (!fits_decoded(pairs)) co_return fail(errc::too_large, "The form has too long a value.");
    co_return http::form{pairs, texts_};
}

task<result<bytes_view>> request::read_body() { return body_->all(); }
task<result<bytes_view>> request::body_chunk(std::source_location at) { return body_->next(at); }
bytes_view request::body() const noexcept { return body_->collected(); }
trailer_fields request::trailers() const noexcept { return trailer_fields{body_->trailers()}; }

std::string_view request::route() const noexcept {
    return route_ == nullptr ? std::string_view{"other"} : std::string_view{route_->pattern};
}

const io::endpoint& request::peer() const noexcept { return body_->connection().peer(); }

}  // namespace weir::inline v0::http
