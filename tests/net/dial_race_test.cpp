// Several addresses at once: when each begins, who wins, and that nothing of the others stays.
#include <filesystem>
#include <iterator>
#include <optional>

#include <gtest/gtest.h>

#include "weir/net/dial.hpp"
#include "weir/sim/engine.hpp"
#include "weir/sim/network.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/scope.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/with_timeout.hpp"

#include "io/transport_ops.hpp"
#include "io/world.hpp"
#include "net/addresses.hpp"
#include "net/names.hpp"

namespace weir::inline v0::net {
namespace {

using namespace std::chrono_literals;

class dial_race_test : public io::world_test<io::engine_world> {};

INSTANTIATE_TEST_SUITE_P(on, dial_race_test, testing::ValuesIn(io::engine_names()), io::name_of);

std::vector<host> hosts_at(const std::vector<io::endpoint>& addresses) {
    std::vector<host> hosts;
    for (const io::endpoint& each : addresses) hosts.emplace_back(each);
    return hosts;
}

std::size_t open_descriptors() {
    const std::filesystem::directory_iterator all{"/proc/self/fd"};
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

task<result<>> silent_first(io::engine_world& on) {
    const auto silent = co_await or_return(listen_in_vain(on.engine()));
    const auto place = co_await or_return(io::listen_here(on.engine()));
    names known;
    known.put("two", {silent->local(), place->local()});
    std::vector<host> hosts{*host::parse("two:1")};
    const time_point began = on.loop().now();
    const std::size_t before = open_descriptors();
    const auto made = co_await or_return(dial(on.loop(), known, std::move(hosts)));
    const duration took = on.loop().now() - began;
    EXPECT_GE(took, 250ms);
    EXPECT_LT(took, on.simulated() ? 260ms : 2s) << "not the share of a silent one";
    EXPECT_TRUE(place->has_waiting());
    EXPECT_EQ(open_descriptors() - before, on.simulated() ? 0U : 1U) << "the winner's alone";
    co_return {};
}

TEST_P(dial_race_test, a_silent_address_costs_one_delay) { run(silent_first(*world_)); }

task<result<>> refused_first(io::engine_world& on) {
    const auto dead = co_await or_return(nowhere(on.engine()));
    const auto place = co_await or_return(io::listen_here(on.engine()));
    dial_options options;
    options.attempt_delay = 2s;
    names known;
    auto hosts = hosts_at({dead, dead, place->local()});
    const time_point began = on.loop().now();
    co_await or_return(dial(on.loop(), known, std::move(hosts), options));
    EXPECT_LT(on.loop().now() - began, 2s);
    co_return {};
}

TEST_P(dial_race_test, a_refused_address_costs_no_delay) { run(refused_first(*world_)); }

task<result<>> both_families(io::engine_world& on) {
    names known;
    std::vector<io::endpoint> sorted;
    for (const char* each : {"[::1]:1", "[::1]:2", "[::1]:3", "127.0.0.1:4", "127.0.0.1:5"})
        sorted.push_back(*io::endpoint::parse(each));
    known.put("both", std::move(sorted));
    std::vector<host> hosts{*host::parse("both:1")};
    const auto made = co_await dial(on.loop(), known, std::move(hosts));
    EXPECT_FALSE(made.has_value());
    if (made) co_return {};
    const std::string tried = made.error().message();
    std::size_t last = 0;
    for (const char* each : {"[::1]:1", "127.0.0.1:4", "[::1]:2", "127.0.0.1:5", "[::1]:3"}) {
        const std::size_t at = tried.find(each);
        EXPECT_NE(at, tried.npos) << each;
        EXPECT_GT(at, last) << each << " comes too early in " << tried;
        last = at;
    }
    co_return {};
}

TEST_P(dial_race_test, the_address_families_take_turns) { run(both_families(*world_)); }

task<result<>> late_answer(io::engine_world& on) {
    auto silent = co_await or_return(listen_in_vain(on.engine()));
    const auto dead = co_await or_return(nowhere(on.engine()));
    dial_options options;
    options.timeout = 1s;
    options.attempt_delay = 100ms;
    names known;
    auto hosts = hosts_at({silent->local(), dead, silent->local()});
    const std::size_t before = open_descriptors();
    const auto made = co_await dial(on.loop(), known, std::move(hosts), options);
    EXPECT_EQ(made.error(), errc::timed_out);
    const std::string first = silent->local().text() + ": timed_out";
    EXPECT_EQ(made.error().message(),
              "cannot connect: " + dead.text() + ": refused; " + first + "; " + first);
    EXPECT_EQ(open_descriptors(), before);
    co_return {};
}

TEST_P(dial_race_test, ends_all_attempts_at_its_deadline_and_names_each) {
    run(late_answer(*world_));
}

task<> dial_and_tell(io::engine_world& on, std::vector<host> hosts, errc& outcome) {
    names known;
    dial_options options;
    options.attempt_delay = 10ms;
    const auto made = co_await dial(on.loop(), known, std::move(hosts), options);
    outcome = made ? errc{} : made.error().code();
}

task<result<>> stopped(io::engine_world& on) {
    const auto silent = co_await or_return(listen_in_vain(on.engine()));
    const std::size_t before = open_descriptors();
    errc outcome{};
    task_scope scope{on.loop().env(), [](const error& why) { ADD_FAILURE() << why.message(); }};
    scope.spawn(dial_and_tell(on, hosts_at({silent->local(), silent->local()}), outcome));
    co_await or_return(sleep(50ms));
    EXPECT_EQ(open_descriptors() - before, on.simulated() ? 0U : 2U);
    scope.request_stop();
    co_await scope.join();
    EXPECT_EQ(outcome, errc::canceled);
    EXPECT_EQ(open_descriptors(), before);
    co_return {};
}

TEST_P(dial_race_test, a_stop_ends_all_attempts) { run(stopped(*world_)); }

task<result<>> torn_down(io::engine_world& on) {
    const auto silent = co_await or_return(listen_in_vain(on.engine()));
    const std::size_t before = open_descriptors();
    errc outcome{};
    {
        task_scope scope{on.loop().env(), [](const error&) {}};
        scope.spawn(dial_and_tell(on, hosts_at({silent->local(), silent->local()}), outcome));
        co_await or_return(sleep(50ms));
    }
    EXPECT_EQ(outcome, errc{}) << "it was destroyed";
    EXPECT_EQ(open_descriptors(), before);
    co_return {};
}

TEST_P(dial_race_test, survives_being_destroyed_in_the_middle) { run(torn_down(*world_)); }

// One loop alone on a network whose handshakes take this long.
class far_away {
public:
    explicit far_away(duration handshake)
        : network_{options_of(handshake)},
          loop_{[this](io::slab_pool& slabs) { return sim::make_engine(network_, slabs); }, {}} {}

    sim::network& net() { return network_; }
    io::loop& loop() { return loop_; }
    void run(task<result<>> main) { loop_.run(ends_well(std::move(main))); }

private:
    static sim::network_options options_of(duration handshake) {
        sim::network_options options;
        options.latency = handshake / 2;
        return options;
    }
    static task<> ends_well(task<result<>> main) {
        const auto outcome = co_await std::move(main);
        EXPECT_TRUE(outcome.has_value()) << outcome.error().message();
    }

    sim::network network_;
    io::loop loop_;
};

task<result<>> both_have_begun(far_away& on, io::listener& first, io::listener& second) {
    names known;
    const time_point began = on.loop().now();
    auto hosts = hosts_at({first.local(), second.local()});
    const auto made = co_await or_return(dial(on.loop(), known, std::move(hosts)));
    EXPECT_EQ(on.loop().now() - began, 400ms) << "an attempt is not given up for the next";
    EXPECT_EQ(made->peer(), first.local());
    EXPECT_TRUE(first.has_waiting());
    EXPECT_FALSE(second.has_waiting()) << "its attempt was stopped in its handshake";
    co_return {};
}

task<result<>> slow_winner(far_away& on) {
    const auto first = co_await or_return(io::listen_here(on.loop().engine()));
    const auto second = co_await or_return(io::listen_here(on.loop().engine()));
    co_return co_await both_have_begun(on, *first, *second);
}

TEST(dial_race, an_earlier_attempt_may_still_win) {
    far_away on{400ms};
    on.run(slow_winner(on));
}

task<> lets_time_pass_unseen(sim::network& on) {
    (void)co_await sleep(300ms);
    on.skip(1s);
}

task<result<>> two_winners(far_away& on) {
    io::engine& engine = on.loop().engine();
    const auto first = co_await or_return(io::listen_here(engine));
    const auto second = co_await or_return(io::listen_here(engine));
    task_scope scope{on.loop().env(), [](const error&) {}};
    scope.spawn(lets_time_pass_unseen(on.net()));
    names known;
    auto hosts = hosts_at({first->local(), second->local()});
    const auto near = co_await or_return(dial(on.loop(), known, std::move(hosts)));
    EXPECT_TRUE(first->has_waiting() && second->has_waiting()) << "both had connected";
    const bool first_won = near->peer() == first->local();
    const auto lost = co_await or_return(io::take(engine, first_won ? *second : *first));
    EXPECT_EQ(co_await io::receive_error(*lost), errc::end_of_stream);
    const auto won = co_await or_return(io::take(engine, first_won ? *first : *second));
    co_await or_return(io::send_text(*near, "x"));
    co_await or_return(io::receive_text(*won, 1));
    co_return {};
}

TEST(dial_race, closes_what_has_connected_at_the_same_time) {
    far_away on{400ms};
    on.run(two_winners(on));
}

task<result<>> delay_is(far_away& on, duration asked, duration wanted) {
    const auto silent = co_await or_return(listen_in_vain(on.loop().engine()));
    const auto place = co_await or_return(io::listen_here(on.loop().engine()));
    dial_options options;
    options.attempt_delay = asked;
    names known;
    const time_point began = on.loop().now();
    auto hosts = hosts_at({silent->local(), place->local()});
    co_await or_return(dial(on.loop(), known, std::move(hosts), options));
    EXPECT_EQ(on.loop().now() - began, wanted);
    co_return {};
}

TEST(dial_race, its_delay_has_bounds) {
    far_away on{0ms};
    on.run(delay_is(on, 0ms, 10ms));
    on.run(delay_is(on, 1h, 2s));
}

task<result<>> next_host(far_away& on) {
    io::engine& engine = on.loop().engine();
    const auto silent = co_await or_return(listen_in_vain(engine));
    const auto place = co_await or_return(io::listen_here(engine));
    names known;
    known.put("here", {place->local()});
    std::vector<host> hosts{host{silent->local()}, *host::parse("here:1"), *host::parse("here:2")};
    const time_point began = on.loop().now();
    co_await or_return(dial(on.loop(), known, std::move(hosts)));
    EXPECT_EQ(on.loop().now() - began, 250ms);
    EXPECT_EQ(known.lookups(), 1U) << "the third host's turn did not come";
    co_return {};
}

TEST(dial_race, the_next_host_joins_when_its_turn_comes) {
    far_away on{0ms};
    on.run(next_host(on));
}

task<result<>> silent_lookup(far_away& on) {
    const auto place = co_await or_return(io::listen_here(on.loop().engine()));
    silent_names nobody_answers;
    std::vector<host> hosts{*host::parse("slow:7"), host{place->local()}};
    const time_point began = on.loop().now();
    co_await or_return(dial(on.loop(), nobody_answers, std::move(hosts)));
    EXPECT_EQ(on.loop().now() - began, 5s);
    co_return {};
}

TEST(dial_race, a_name_that_nobody_answers_for_has_its_share_of_the_time) {
    far_away on{0ms};
    on.run(silent_lookup(on));
}

std::size_t count_of(std::string_view what, std::string_view text) {
    std::size_t count = 0;
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++count;
    return count;
}

task<result<>> many(far_away& on, duration least_attempt, std::size_t tried) {
    const auto silent = co_await or_return(listen_in_vain(on.loop().engine()));
    dial_options options;
    options.attempt_delay = 10ms;
    options.least_attempt = least_attempt;
    names known;
    known.put("many", std::vector<io::endpoint>(20, silent->local()));
    std::vector<host> hosts{*host::parse("many:1")};
    const auto made = co_await dial(on.loop(), known, std::move(hosts), options);
    EXPECT_EQ(made.error(), errc::timed_out);
    EXPECT_EQ(count_of(silent->local().text(), made.error().message()), tried);
    co_return {};
}

TEST(dial_race, tries_no_more_than_eight_at_once) {
    far_away on{0ms};
    on.run(many(on, 1h, 8));
}

TEST(dial_race, shares_its_time_among_many_silent_addresses) {
    far_away on{0ms};
    on.run(many(on, 1s, 20));
}

}  // namespace
}  // namespace weir::inline v0::net
