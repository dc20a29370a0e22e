#include "weir/net/dial.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "weir/flow/event.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/scope.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/with_timeout.hpp"

namespace weir::inline v0::net {
namespace {

using connected = result<std::unique_ptr<io::transport>>;
using addresses = std::vector<io::endpoint>;

// Attempts under way, each with a socket: what the default options come to where nobody answers,
// least_attempt / attempt_delay. A shorter delay is to make no burst of them.
constexpr std::size_t most_at_once = 8;

// The bounds of RFC 8305, section 5, where the delay is no estimate either.
constexpr duration least_delay = std::chrono::milliseconds{10};
constexpr duration most_delay = std::chrono::seconds{2};

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

// RFC 8305, section 4, with a First Address Family Count of 1: the families take turns, so that one
// which leads nowhere costs one delay. The resolver has sorted them by RFC 6724. Section 3, two
// queries of which the first answer counts, has no counterpart: getaddrinfo answers for both
// families at once.
addresses interlaced(addresses sorted) {
    if (sorted.size() < 3) return sorted;
    const auto first = sorted.front().family();
    addresses firsts;
    addresses others;
    for (io::endpoint& each : sorted)
        (each.family() == first ? firsts : others).push_back(std::move(each));
    addresses order;
    order.reserve(sorted.size());
    for (std::size_t at = 0; order.size() < sorted.size(); ++at) {
        if (at < firsts.size()) order.push_back(std::move(firsts[at]));
        if (at < others.size()) order.push_back(std::move(others[at]));
    }
    return order;
}

task<result<addresses>> addresses_of(io::resolver& resolver, host whom) {
    if (const auto& address = whom.address()) co_return addresses{*address};
    co_return co_await resolver.resolve(whom.name(), whom.port());
}

// RFC 8305, section 5: one attempt after the other is started, and none is given up for the next;
// the first that connects stops the others. The addresses of a host join the series when its turn
// comes, and its name is looked up no earlier: mostly a former host has answered by then.
class address_race {
public:
    address_race(io::engine& engine, io::resolver& resolver, const dial_options& options,
                 const environment& env)
        : engine_{&engine},
          resolver_{&resolver},
          least_attempt_{options.least_attempt},
          delay_{std::clamp(options.attempt_delay, least_delay, most_delay)},
          user_timeout_{options.user_timeout},
          scope_{env, [this](error why) { broken_ = std::move(why); }, on_failure::stop_all} {}

    void start(std::vector<host> hosts) { scope_.spawn(start_hosts(std::move(hosts)), "dial"); }
    task_scope::join_operand join() noexcept { return scope_.join(); }
    connected outcome() && {
        if (winner_) return engine_->adopt(std::move(winner_));
        if (broken_) return fail(std::move(*broken_));
        return fail(std::move(failures_).outcome());
    }

private:
    task<> start_hosts(std::vector<host> hosts) {
        hosts_left_ = hosts.size();
        for (const host& whom : hosts) {
            auto looking = addresses_of(*resolver_, whom);
            auto found = co_await with_timeout(share_of(hosts_left_, 1), std::move(looking));
            --hosts_left_;
            if (found) {
                co_await start_addresses(interlaced(std::move(*found)));
            } else {
                failed(whom.text(), found.error());
            }
            if (scope_.stop_requested()) co_return;
        }
    }

    task<> start_addresses(addresses each) {
        for (std::size_t at = 0; at < each.size(); ++at) {
            const std::size_t after_it = each.size() - at - 1 + hosts_left_;
            one_failed_.reset();
            scope_.spawn(attempt(std::move(each[at]), share_of(after_it + 1, most_at_once)),
                         "dial attempt");
            if (after_it == 0) co_return;
            (void)co_await with_timeout(delay_, one_failed_.wait());
            while (full() && !scope_.stop_requested()) {
                one_failed_.reset();
                (void)co_await one_failed_.wait();
            }
            if (scope_.stop_requested()) co_return;
        }
    }

    task<> attempt(io::endpoint to, duration time) {
        const io::connect call{*engine_, to, user_timeout_};
        auto socket = co_await with_timeout(time, call);
        if (!socket) {
            failed(to.text(), socket.error());
        } else if (!winner_) {
            winner_ = std::move(*socket);
            scope_.request_stop();
        }
    }

    // What the winner stopped has not failed.
    void failed(const std::string& whom, const error& why) {
        if (winner_) return;
        failures_.failed(whom, why);
        one_failed_.set();
    }

    // Whoever starts the attempts is in the scope as well.
    bool full() const noexcept { return scope_.size() > most_at_once; }

    // All of the time that is left, where those to come find a place meanwhile; otherwise they
    // share it, as in Go's net.partialDeadline. A host that is not looked up yet counts as one
    // address.
    duration share_of(std::size_t to_come, std::size_t places) const noexcept {
        const duration left = scope_.env().deadline() - scope_.env().now();
        if (to_come <= places) return left;
        const duration share = left / static_cast<duration::rep>(to_come);
        return std::max(share * static_cast<duration::rep>(places), least_attempt_);
    }

    io::engine* engine_;
    io::resolver* resolver_;
    duration least_attempt_;
    duration delay_;
    duration user_timeout_;
    std::size_t hosts_left_ = 0;
    io::native_socket winner_;
    attempts failures_;
    std::optional<error> broken_;
    flow::event one_failed_;
    task_scope scope_;
};

task<connected> try_all(io::loop& loop, io::resolver& resolver, std::vector<host> hosts,
                        dial_options options) {
    const environment& env = co_await this_env();
    address_race race{loop.engine(), resolver, options, env};
    race.start(std::move(hosts));
    co_await race.join();
    co_return std::move(race).outcome();
}

}  // namespace

task<result<std::unique_ptr<io::transport>>> dial(io::loop& loop, io::resolver& resolver,
                                                  std::vector<host> hosts, dial_options options) {
    const duration timeout = options.timeout;
    auto trying = try_all(loop, resolver, std::move(hosts), options);
    co_return co_await with_timeout(timeout, std::move(trying));
}

}  // namespace weir::inline v0::net
