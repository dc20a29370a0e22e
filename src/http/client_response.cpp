#include "weir/http/client_response.hpp"

#include <utility>

#include "weir/pool/pool.hpp"

#include "client_link.hpp"
#include "client_state.hpp"

namespace weir::inline v0::http {

client_response::client_response(client_hold link) noexcept : link_{std::move(link)} {}
client_response::client_response(client_response&& other) noexcept = default;
client_response& client_response::operator=(client_response&& other) noexcept = default;
client_response::~client_response() = default;

status client_response::status() const noexcept { return link_->exchange().head().status(); }

version client_response::version() const noexcept { return link_->exchange().head().version(); }

std::span<const field> client_response::fields() const noexcept {
    return link_->exchange().head().fields();
}

std::optional<std::string_view> client_response::header(std::string_view name) const noexcept {
    return link_->exchange().head().find(name);
}

task<result<bytes_view>> client_response::read(std::source_location at) {
    return link_->exchange().read(at);
}

task<result<bytes_view>> client_response::all() {
    return all(link_->owner().options().max_collected);
}

task<result<bytes_view>> client_response::all(std::size_t limit) {
    return link_->exchange().all(limit);
}

task<result<std::string>> client_response::text() {
    return text(link_->owner().options().max_collected);
}

task<result<std::string>> client_response::text(std::size_t limit) {
    return link_->exchange().text(limit);
}

net::connection* client_response::connection() noexcept {
    client_exchange& exchange = link_->exchange();
    return exchange.left_http() ? &exchange.connection() : nullptr;
}

trailer_fields client_response::trailers() const noexcept {
    return trailer_fields{link_->exchange().trailers()};
}

}  // namespace weir::inline v0::http
