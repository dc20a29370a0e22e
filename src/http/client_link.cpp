#include "client_link.hpp"

#include <utility>

#include "client_state.hpp"

namespace weir::inline v0::http {

client_link::client_link(client_state& owner, std::unique_ptr<io::transport> transport)
    : owner_{&owner},
      connection_{std::in_place, std::move(transport), owner.loop(), owner.connection_options()},
      arrivals_{*connection_, *this},
      exchange_{*connection_, arrivals_, owner.options()} {
    owner.metrics().opened();
}

client_link::~client_link() {
    if (connection_ && cut_short()) connection_->abort();
    end_exchange();
    close();
}

void client_link_giver::operator()(client_link* link) const noexcept { link->let_go(); }

client_hold client_link::hold(pool::lease<client_link> lease) noexcept {
    client_link& held = *lease;
    held.lease_ = std::move(lease);
    return held.share();
}

client_hold client_link::share() noexcept {
    ++holders_;
    return client_hold{this};
}

void client_link::let_go() noexcept {
    if (--holders_ > 0) {
        if (exchange_.has_writer()) exchange_.reader_left();
        return;
    }
    // It may be the end of this.
    const pool::lease<client_link> back = std::move(lease_);
}

bool client_link::cut_short() const noexcept {
    using phase = net::lifecycle::state;
    if (!exchange_.left_http()) return exchange_.cut_short();
    return connection_->phase() != phase::half_closed_local &&
           connection_->phase() != phase::closed;
}

void client_link::leave_http() noexcept {
    connection_->set_options(owner_->switched_options());
    end_exchange();
}

result<> client_link::begin(const sent_head& request) {
    result<> begun = exchange_.begin(request);
    if (!begun) return begun;
    in_flight_ = true;
    owner_->metrics().began();
    if (++requests_ > 1) owner_->metrics().reused();
    return {};
}

void client_link::end_exchange() noexcept {
    if (std::exchange(in_flight_, false)) owner_->metrics().ended();
}

result<> client_link::rest() noexcept {
    if (!exchange_.settle() || !arrivals_.start()) return fail(errc::closed);
    end_exchange();
    owner_->resting().push_back(*this);
    const time_point now = owner_->loop().now();
    rests_until_ = after(now, owner_->options().idle_timeout);
    if (!timer::armed()) owner_->loop().scheduler().arm(*this, rests_until_);
    return {};
}

result<> client_link::wake() noexcept {
    if (!connection_) return fail(errc::closed);
    list_hook<client_link>::unlink();
    return {};
}

void client_link::close() noexcept {
    list_hook<client_link>::unlink();
    timer::unlink();
    if (!connection_) return;
    arrivals_.stop();
    connection_.reset();
    owner_->metrics().closed();
}

void client_link::arrived_unawaited() noexcept {
    if (resting()) return close();
    exchange_.heard();
}

// Armed lazily: a request costs no timer operation.
void client_link::on_expiry() noexcept {
    if (!resting()) return;
    if (rests_until_ <= owner_->loop().now()) return close();
    owner_->loop().scheduler().arm(*this, rests_until_);
}

}  // namespace weir::inline v0::http
