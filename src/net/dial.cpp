#include "weir/net/dial.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "weir/task/or_return.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/with_timeout.hpp"

namespace weir::inline v0::net {
namespace {

using connected = result<std::unique_ptr<io::transport>>;

// What has been tried in vain.
class attempts {
public:
    void failed(const std::string& whom, const error& why) {
        last_ = why.code();
        if (!text_.empty()) text_ += "; ";
        text_ += whom + ": " + why.message();
    }
    error outcome() && {
        if (text_.empty()) return {errc::invalid_argument, "there is no host to connect to"};
        return {last_, "cannot connect: " + std::move(text_)};
    }

private:
    std::string text_;
    errc last_{};
};

// One after the other. Who wants to race them (RFC 8305) replaces this class.
class attempt_series {
public:
    attempt_series(io::loop& loop, const dial_options& options, std::size_t hosts) noexcept
        : loop_{&loop}, options_{options}, hosts_left_{hosts} {}

    void begin_host() noexcept { --hosts_left_; }
    task<connected> connect_any(std::vector<io::endpoint> addresses) {
        const environment& env = co_await this_env();
        for (std::size_t at = 0; at < addresses.size(); ++at) {
            const duration share = share_of(env.deadline(), addresses.size() - at);
            const io::connect call{loop_->engine(), addresses[at]};
            auto socket = co_await with_timeout(share, call);
            if (socket) co_return loop_->engine().adopt(std::move(*socket));
            failures.failed(addresses[at].text(), socket.error());
            if (env.stop().requested()) break;
        }
        co_return fail(errc::unreachable);
    }

    attempts failures;

private:
    // As Go's net.partialDeadline divides it; a host that is not looked up yet counts as one
    // address.
    duration share_of(time_point deadline, std::size_t addresses) const noexcept {
        const duration left = std::min(options_.timeout, deadline - loop_->now());
        const auto parts = static_cast<duration::rep>(addresses + hosts_left_);
        return std::max(left / parts, options_.least_attempt);
    }

    io::loop* loop_;
    dial_options options_;
    std::size_t hosts_left_;
};

task<result<std::vector<io::endpoint>>> addresses_of(io::resolver& resolver, host whom) {
    if (const auto& address = whom.address()) co_return std::vector<io::endpoint>{*address};
    co_return co_await resolver.resolve(whom.name(), whom.port());
}

task<connected> try_all(io::loop& loop, io::resolver& resolver, std::vector<host> hosts,
                        dial_options options) {
    const environment& env = co_await this_env();
    attempt_series series{loop, options, hosts.size()};
    for (const host& whom : hosts) {
        series.begin_host();
        auto addresses = co_await addresses_of(resolver, whom);
        if (!addresses) {
            series.failures.failed(whom.text(), addresses.error());
        } else {
            auto made = co_await series.connect_any(std::move(*addresses));
            if (made) co_return made;
        }
        if (env.stop().requested()) break;
    }
    co_return fail(std::move(series.failures).outcome());
}

}  // namespace

task<result<std::unique_ptr<io::transport>>> dial(io::loop& loop, io::resolver& resolver,
                                                  std::vector<host> hosts, dial_options options) {
    const duration timeout = options.timeout;
    auto trying = try_all(loop, resolver, std::move(hosts), options);
    co_return co_await with_timeout(timeout, std::move(trying));
}

}  // namespace weir::inline v0::net
