#include "weir/http/client.hpp"

#include <utility>

#include "weir/task/or_return.hpp"

#include "client_call.hpp"
#include "client_state.hpp"

namespace weir::inline v0::http {

client::client(io::loop& loop, io::resolver& resolver, client_options options)
    : state_{std::make_unique<client_state>(loop, resolver, std::move(options))} {}

client::~client() = default;

task<result<client_response>> client::send(const client_request& request) {
    client_call call{*state_, request.whole()};
    co_return co_await call.ask(&request);
}

task<result<client_response>> client::get(std::string_view target) {
    co_await or_return(check_target(method::get, target));
    client_call call{*state_, sent_head{method::get, target}.body_size(0)};
    co_return co_await call.ask(nullptr);
}

task<result<client_upload>> client::upload(const client_request& request) {
    if (request.body_size() > 0)
        co_return fail(errc::invalid_argument, "the body of an upload is written to it");
    auto call = std::make_unique<client_call>(*state_, request.begun());
    co_await or_return(call->begin());
    co_return client_upload{std::move(call)};
}

void client::close() noexcept { state_->links().close(); }

pool::stats client::connections() const noexcept {
    pool::stats now = state_->links().counts();
    now.idle = state_->resting().count();  // the pool keeps what is left of those that ended
    return now;
}

}  // namespace weir::inline v0::http
