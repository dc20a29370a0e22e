#include "client_state.hpp"

#include <stdexcept>
#include <utility>

#include "weir/net/dial.hpp"
#include "weir/task/this_env.hpp"

#include "authority.hpp"
#include "check_limits.hpp"

namespace weir::inline v0::http {
namespace {

std::string authority_of(const net::host& whom) {
    if (whom.address() && whom.address()->family() == io::endpoint::family::unix_path)
        return "localhost";
    std::string text = whom.text();
    if (text.ends_with(":80")) text.resize(text.size() - 3);
    return text;
}

client_options checked(client_options options) {
    if (options.hosts.empty()) throw std::invalid_argument{"http: a client needs a host"};
    check(options.limits);
    if (options.connections.max_size == 0)
        throw std::invalid_argument{"http: max_size is 0, no request could be sent"};
    if (options.authority.empty()) options.authority = authority_of(options.hosts.front());
    if (!is_authority(options.authority))
        throw std::invalid_argument{"http: authority is no host with a port perhaps"};
    return options;
}

net::connection_options connection_options_of(const client_options& from, duration idle_timeout) {
    net::connection_options options;
    options.idle_timeout = idle_timeout;
    options.write_timeout = from.write_timeout;
    return options;
}

class link_manager final : public pool::manager<client_link> {
public:
    explicit link_manager(client_state& owner) noexcept : owner_{&owner} {}

    task<result<std::unique_ptr<client_link>>> create() override { return owner_->connect(); }
    result<> check(client_link& link) noexcept override { return link.wake(); }
    result<> recycle(client_link& link) noexcept override { return link.rest(); }

private:
    client_state* owner_;
};

}  // namespace

client_state::client_state(io::loop& loop, io::resolver& resolver, client_options options)
    : loop_{&loop},
      resolver_{&resolver},
      options_{checked(std::move(options))},
      connection_options_{connection_options_of(options_, duration::max())},
      switched_options_{connection_options_of(options_, options_.idle_timeout)},
      metrics_{options_.metrics, options_.name, loop.index()},
      links_{std::make_unique<link_manager>(*this), options_.connections} {}

task<result<std::unique_ptr<client_link>>> client_state::connect() {
    const environment& env = co_await this_env();
    std::vector<net::host> hosts = options_.hosts;
    net::dial_options times;
    times.timeout = options_.connect_timeout;
    times.user_timeout = options_.user_timeout;
    auto transport = co_await net::dial(*loop_, *resolver_, std::move(hosts), times);
    if (transport) co_return std::make_unique<client_link>(*this, std::move(*transport));
    if (env.stop().requested()) co_return fail(std::move(transport).error());
    error why{errc::unavailable, "not sent"};
    co_return fail(std::move(why).because(std::move(transport).error()));
}

}  // namespace weir::inline v0::http
