// Connecting: to the first who answers, within a time, with an error that names each attempt.
#include "weir/net/dial.hpp"

#include <map>

#include <gtest/gtest.h>

#include "weir/task/or_return.hpp"
#include "weir/task/scope.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/with_timeout.hpp"

#include "io/transport_ops.hpp"
#include "io/world.hpp"
#include "net/addresses.hpp"
#include "net/names.hpp"
#include "support/vanish.hpp"

namespace weir::inline v0::net {
namespace {

using namespace std::chrono_literals;

class dial_test : public io::world_test<io::engine_world> {};

INSTANTIATE_TEST_SUITE_P(on, dial_test, testing::ValuesIn(io::engine_names()), io::name_of);

task<result<>> reaches(io::engine_world& on, names& known, std::vector<host> hosts) {
    auto place = co_await or_return(io::listen_here(on.engine()));
    known.put("here", {place->local()});
    hosts.emplace_back(place->local());
    auto near = co_await or_return(dial(on.loop(), known, std::move(hosts)));
    auto far = co_await or_return(io::take(on.engine(), *place));
    co_await or_return(io::send_text(*near, "hello"));
    const auto heard = co_await or_return(io::receive_text(*far, 5));
    EXPECT_EQ(heard, "hello");
    co_return {};
}

class dial_kernel_test : public dial_test {};

INSTANTIATE_TEST_SUITE_P(on, dial_kernel_test, testing::Values("uring", "epoll"), io::name_of);

task<result<>> loses_whom_it_reached(io::engine_world& on) {
    auto place = co_await or_return(io::listen_here(on.engine()));
    names nobody;
    dial_options soon;
    soon.user_timeout = 2s;
    std::vector<host> hosts{host{place->local()}};
    auto near = co_await or_return(dial(on.loop(), nobody, std::move(hosts), soon));
    const io::native_socket far = co_await or_return(io::accept{*place});
    test::vanish(far.number());
    EXPECT_EQ(co_await io::receive_error(*near), errc::reset);
    co_return {};
}

// BEHAVIOUR.md, "half-open".
TEST_P(dial_kernel_test, loses_a_peer_that_vanishes_after_the_user_timeout) {
    world_->run(loses_whom_it_reached(*world_));
}

TEST_P(dial_test, reaches_an_address) {
    names known;
    run(reaches(*world_, known, {}));
}

TEST_P(dial_test, reaches_a_name) {
    names known;
    std::vector<host> hosts{*host::parse("here:1")};
    run(reaches(*world_, known, std::move(hosts)));
}

TEST_P(dial_test, goes_on_to_the_next_host_where_one_fails) {
    names known;
    std::vector<host> hosts{*host::parse("127.0.0.1:1"), *host::parse("missing:1")};
    run(reaches(*world_, known, std::move(hosts)));
}

task<result<>> second_address(io::engine_world& on) {
    auto place = co_await or_return(io::listen_here(on.engine()));
    const auto dead = co_await or_return(nowhere(on.engine()));
    names known;
    known.put("two", {dead, place->local()});
    std::vector<host> hosts{*host::parse("two:1")};
    co_await or_return(dial(on.loop(), known, std::move(hosts)));
    co_await or_return(io::take(on.engine(), *place));
    co_return {};
}

TEST_P(dial_test, goes_on_to_the_next_address_of_a_name) { run(second_address(*world_)); }

task<result<>> all_fail(io::engine_world& on) {
    const auto dead = co_await or_return(nowhere(on.engine()));
    names known;
    std::vector<host> hosts{*host::parse("missing:7"), host{dead}};
    const auto made = co_await dial(on.loop(), known, std::move(hosts));
    EXPECT_FALSE(made.has_value());
    if (made) co_return {};
    EXPECT_EQ(made.error(), errc::refused);
    EXPECT_EQ(made.error().message(),
              "cannot connect: missing:7: no such name; " + dead.text() + ": refused");
    std::vector<host> nobody;
    const auto none = co_await dial(on.loop(), known, std::move(nobody));
    EXPECT_EQ(none.error(), errc::invalid_argument);
    co_return {};
}

TEST_P(dial_test, names_each_attempt_where_all_fail) { run(all_fail(*world_)); }

task<result<>> too_late(io::engine_world& on) {
    silent_names nobody_answers;
    std::vector<host> hosts{*host::parse("slow:7"), *host::parse("127.0.0.1:1")};
    dial_options options;
    options.timeout = 50ms;
    const time_point began = on.loop().now();
    const auto made = co_await dial(on.loop(), nobody_answers, hosts, options);
    EXPECT_EQ(made.error(), errc::timed_out);
    EXPECT_EQ(made.error().message(), "cannot connect: slow:7: timed_out");
    EXPECT_GE(on.loop().now() - began, 50ms);
    options.timeout = 1h;
    auto dialing = dial(on.loop(), nobody_answers, hosts, options);
    const auto narrowed = co_await with_timeout(20ms, std::move(dialing));
    EXPECT_EQ(narrowed.error(), errc::timed_out) << "the caller's deadline counts as well";
    co_return {};
}

TEST_P(dial_test, ends_at_its_deadline_and_at_its_callers) { run(too_late(*world_)); }

task<> dial_for_nothing(io::engine_world& on, names& known, io::endpoint to) {
    std::vector<host> hosts{host{std::move(to)}};
    (void)co_await dial(on.loop(), known, std::move(hosts));
    ADD_FAILURE() << "it was to be destroyed";
}

task<result<>> destroyed(io::engine_world& on) {
    auto full = co_await or_return(io::listen_here(on.engine()));
    full->refuse_new();
    names known;
    task_scope scope{on.loop().env(), [](const error&) {}};
    scope.spawn(dial_for_nothing(on, known, full->local()));
    co_await sleep(5ms);
    EXPECT_EQ(scope.size(), 1U);
    co_return {};
}

TEST_P(dial_test, survives_a_task_that_is_destroyed_while_it_waits) { run(destroyed(*world_)); }

TEST(host, is_an_address_or_a_name_with_a_port) {
    EXPECT_EQ(host::parse("127.0.0.1:80")->address()->text(), "127.0.0.1:80");
    EXPECT_EQ(host::parse("[::1]:80")->text(), "[::1]:80");
    EXPECT_EQ(host::parse("unix:/run/x.sock")->text(), "unix:/run/x.sock");
    const auto name = host::parse("db-1.example.org:5432");
    ASSERT_TRUE(name.has_value());
    EXPECT_FALSE(name->address().has_value());
    EXPECT_EQ(name->name(), "db-1.example.org");
    EXPECT_EQ(name->port(), 5432);
    EXPECT_EQ(name->text(), "db-1.example.org:5432");
    for (const char* bad : {"", ":1", "name", "name:", "name:65536", "name:x", "127.0.0.256:1",
                            "a b:1", "http://x:1", "[::1:80", "name:1:2"})
        EXPECT_FALSE(host::parse(bad).has_value()) << bad;
}

// The system's own names, which need no network: /etc/hosts.
TEST(system_resolver, looks_names_up_on_a_thread) {
    io::engine_world world{"epoll", 16};
    io::blocking_pool threads{io::blocking_options{}};
    io::system_resolver resolver{threads};
    const auto looking = [](io::resolver& from) -> task<result<>> {
        const auto found = co_await or_return(from.resolve("localhost", 81));
        EXPECT_FALSE(found.empty());
        for (const io::endpoint& each : found) EXPECT_TRUE(each.loopback() && each.port() == 81);
        const auto missing = co_await from.resolve("no-such-name.invalid", 81);
        EXPECT_TRUE(missing.error() == errc::not_found || missing.error() == errc::unavailable)
            << missing.error().message();
        co_return {};
    };
    world.run(looking(resolver));
}

}  // namespace
}  // namespace weir::inline v0::net
