#include "weir/http/client_request.hpp"

#include <algorithm>
#include <utility>

#include "ascii.hpp"

namespace weir::inline v0::http {
namespace {

// Besides those that a field_writer refuses.
bool belongs_to_client(std::string_view name) noexcept {
    constexpr std::string_view owned[] = {"expect", "host", "te", "trailer"};
    return std::ranges::any_of(owned,
                               [name](std::string_view each) { return ascii::is(name, each); });
}

}  // namespace

result<client_request> client_request::make(http::method method, std::string_view target) {
    if (result<> checked = check_target(method, target); !checked)
        return std::unexpected{std::move(checked).error()};
    return client_request{method, target};
}

result<> client_request::add(std::string_view name, std::string_view value) {
    if (belongs_to_client(name))
        return fail(errc::invalid_argument,
                    "the client writes field " + std::string{name} + " itself");
    return fields_.add(name, value);
}

std::size_t client_request::body_size() const noexcept {
    if (const auto* blocks = std::get_if<io::block_writer>(&body_)) return blocks->size();
    if (const auto* text = std::get_if<std::string>(&body_)) return text->size();
    return std::get<std::string_view>(body_).size();
}

sent_head client_request::whole() const noexcept { return begun().body_size(body_size()); }

sent_head client_request::begun() const noexcept {
    sent_head head{method_, target_};
    head.fields(fields_.text()).expect_continue(expects_continue_).switch_to(switch_to_);
    if (announced_) head.body_size(*announced_);
    return head;
}

client_request::body_parts client_request::body() const noexcept {
    if (const auto* blocks = std::get_if<io::block_writer>(&body_))
        return body_parts{blocks->all_parts()};
    if (const auto* text = std::get_if<std::string>(&body_)) return body_parts{as_bytes(*text)};
    return body_parts{as_bytes(std::get<std::string_view>(body_))};
}

std::optional<bytes_view> client_request::body_parts::next() noexcept {
    if (auto* blocks = std::get_if<io::block_writer::parts>(&left_)) return blocks->next();
    const bytes_view whole = std::exchange(std::get<bytes_view>(left_), {});
    if (whole.empty()) return std::nullopt;
    return whole;
}

}  // namespace weir::inline v0::http
