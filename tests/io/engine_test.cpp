// Listening, accepting and connecting, the same on every engine.
#include "weir/io/engine.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "weir/task/sleep.hpp"
#include "weir/task/when_all.hpp"
#include "weir/task/with_timeout.hpp"

#include "io/transport_ops.hpp"
#include "io/world.hpp"

namespace weir::inline v0::io {
namespace {

using namespace std::chrono_literals;

class engine_test : public world_test<engine_world> {};

INSTANTIATE_TEST_SUITE_P(on, engine_test, testing::ValuesIn(engine_names()), name_of);

TEST_P(engine_test, gives_a_listener_a_port_where_none_is_named) {
    const auto place = world_->engine().listen(endpoint{}, listen_options{});
    ASSERT_TRUE(place.has_value()) << place.error().message();
    EXPECT_NE((*place)->local().port(), 0);
    EXPECT_EQ((*place)->local().address(), endpoint{}.address());
    EXPECT_FALSE((*place)->has_waiting());
}

TEST_P(engine_test, refuses_a_port_in_use) {
    auto first = world_->engine().listen(endpoint{}, listen_options{});
    ASSERT_TRUE(first.has_value());
    const endpoint at = (*first)->local();
    EXPECT_EQ(world_->engine().listen(at, listen_options{}).error(), errc::address_in_use);
    const auto anywhere = endpoint::ipv4({0, 0, 0, 0}, at.port());
    EXPECT_EQ(world_->engine().listen(anywhere, listen_options{}).error(), errc::address_in_use);
    first->reset();
    EXPECT_TRUE(world_->engine().listen(at, listen_options{}).has_value());
}

task<result<>> refused(engine& engine) {
    auto place = co_await or_return(listen_here(engine));
    const endpoint at = place->local();
    place.reset();
    const auto went = co_await connect{engine, at};
    EXPECT_EQ(went ? errc{} : went.error().code(), errc::refused);
    co_return {};
}

TEST_P(engine_test, is_refused_where_nobody_listens) { run(refused(world_->engine())); }

task<result<>> connects_first(engine& engine) {
    auto place = co_await or_return(listen_here(engine));
    auto near = co_await or_return(dial(engine, place->local()));
    co_await or_return(send_text(*near, "early"));
    EXPECT_EQ(near->peer(), place->local());
    EXPECT_TRUE(place->has_waiting());
    auto far = co_await or_return(take(engine, *place));
    EXPECT_FALSE(place->has_waiting());
    EXPECT_TRUE(far->peer().loopback());
    EXPECT_NE(far->peer().port(), 0);
    const auto got = co_await or_return(receive_text(*far, 5));
    EXPECT_EQ(got, "early");
    co_return {};
}

TEST_P(engine_test, accepts_who_came_before) { run(connects_first(world_->engine())); }

task<result<>> accepts_first(engine& engine) {
    auto place = co_await or_return(listen_here(engine));
    for (int i = 0; i < 20; ++i) {
        auto [far, near] = co_await when_all(take(engine, *place), dial(engine, place->local()));
        EXPECT_TRUE(far.has_value() && near.has_value());
    }
    co_return {};
}

TEST_P(engine_test, accepts_who_comes_later) { run(accepts_first(world_->engine())); }

task<result<std::vector<std::unique_ptr<transport>>>> dial_many(engine& engine, endpoint at,
                                                                int count) {
    std::vector<std::unique_ptr<transport>> made;
    for (int i = 0; i < count; ++i) {
        auto one = co_await or_return(dial(engine, at));
        co_await or_return(send_text(*one, "hello"));
        made.push_back(std::move(one));
    }
    co_return made;
}

task<result<>> drains(engine& engine) {
    auto place = co_await or_return(listen_here(engine));
    auto callers = co_await or_return(dial_many(engine, place->local(), 50));
    place->refuse_new();
    const auto late = co_await with_timeout(50ms, connect{engine, place->local()});
    EXPECT_EQ(late ? errc{} : late.error().code(), errc::timed_out) << "neither taken nor refused";

    std::vector<std::unique_ptr<transport>> taken;
    while (place->has_waiting()) {
        auto one = co_await or_return(take(engine, *place));
        taken.push_back(std::move(one));
    }
    EXPECT_EQ(taken.size(), callers.size());
    place.reset();
    for (std::size_t i = 0; i < taken.size(); ++i) {
        const auto got = co_await or_return(receive_text(*taken[i], 5));
        EXPECT_EQ(got, "hello");
        co_await or_return(send_text(*taken[i], "world"));
    }
    for (const auto& caller : callers) {
        const auto got = co_await or_return(receive_text(*caller, 5));
        EXPECT_EQ(got, "world");
    }
    co_return {};
}

// BEHAVIOUR.md, Process: connections in the accept queue are taken.
TEST_P(engine_test, loses_no_connection_in_a_drain) { run(drains(world_->engine())); }

task<result<>> closes_unaccepted(engine& engine) {
    auto place = co_await or_return(listen_here(engine));
    auto near = co_await or_return(dial(engine, place->local()));
    place.reset();
    EXPECT_EQ(co_await receive_error(*near), errc::reset);
    co_return {};
}

TEST_P(engine_test, resets_whom_nobody_accepted_when_a_listener_closes) {
    run(closes_unaccepted(world_->engine()));
}

task<result<>> closes_unadopted(engine& engine) {
    auto place = co_await or_return(listen_here(engine));
    auto near = co_await or_return(dial(engine, place->local()));
    {
        const auto far = co_await or_return(accept{*place});
        EXPECT_TRUE(static_cast<bool>(far));
    }
    EXPECT_EQ(co_await receive_error(*near), errc::end_of_stream);
    co_return {};
}

TEST_P(engine_test, closes_a_socket_that_nobody_adopts) { run(closes_unadopted(world_->engine())); }

task<result<>> over_ipv6(engine& engine, bool& offered) {
    std::array<std::uint8_t, 16> loopback{};
    loopback[15] = 1;
    auto place = engine.listen(endpoint::ipv6(loopback, 0), listen_options{});
    offered = place.has_value();
    if (!offered) co_return {};
    auto [near, far] = co_await when_all(dial(engine, (*place)->local()), take(engine, **place));
    EXPECT_TRUE(near.has_value() && far.has_value());
    if (!near || !far) co_return fail(errc::internal);
    EXPECT_EQ((*far)->peer().family(), endpoint::family::ipv6);
    co_await or_return(send_text(**near, "six"));
    const auto got = co_await or_return(receive_text(**far, 3));
    EXPECT_EQ(got, "six");
    co_return {};
}

TEST_P(engine_test, speaks_ipv6) {
    bool offered = false;
    run(over_ipv6(world_->engine(), offered));
    if (!offered) GTEST_SKIP() << "no IPv6 here";
}

task<result<>> serve_one(engine& engine, listener& place, std::string& got) {
    auto far = co_await or_return(take(engine, place));
    got = co_await or_return(receive_text(*far, 5));
    co_await or_return(send_text(*far, "bye"));
    co_return {};
}

task<result<>> call_one(engine& engine, endpoint at, std::string& got) {
    auto near = co_await or_return(dial(engine, at));
    co_await or_return(send_text(*near, "hello"));
    got = co_await or_return(receive_text(*near, 3));
    co_return {};
}

// Runs it in a scope of the given loop, and keeps an error.
task<> keep_error(task<result<>> inner, int& left) {
    const auto outcome = co_await std::move(inner);
    EXPECT_TRUE(outcome.has_value()) << outcome.error().message();
    --left;
}

TEST_P(engine_test, connects_two_loops) {
    loop& server = world_->loop();
    loop& client = world_->second_loop();
    auto place = server.engine().listen(endpoint{}, listen_options{});
    ASSERT_TRUE(place.has_value());
    int left = 2;
    std::string asked;
    std::string answered;
    {
        task_scope there{server.env(), [](const error&) { FAIL(); }};
        task_scope here{client.env(), [](const error&) { FAIL(); }};
        there.spawn(keep_error(serve_one(server.engine(), **place, asked), left));
        here.spawn(keep_error(call_one(client.engine(), (*place)->local(), answered), left));
        for (int turns = 0; turns < 5000 && left > 0; ++turns) world_->step_both();
    }
    EXPECT_EQ(left, 0);
    EXPECT_EQ(asked, "hello");
    EXPECT_EQ(answered, "bye");
}

task<result<>> accept_for(listener& place, native_socket& into) {
    into = co_await or_return(accept{place});
    co_return {};
}

task<result<>> answer_one(engine& engine, native_socket socket) {
    auto far = engine.adopt(std::move(socket));
    const auto asked = co_await or_return(receive_text(*far, 5));
    EXPECT_EQ(asked, "hello");
    co_await or_return(send_text(*far, "bye"));
    co_return {};
}

TEST_P(engine_test, hands_a_socket_from_one_loop_to_another) {
    loop& first = world_->loop();
    loop& second = world_->second_loop();
    auto place = first.engine().listen(endpoint{}, listen_options{});
    ASSERT_TRUE(place.has_value());
    int left = 2;
    std::string answered;
    native_socket taken;
    {
        task_scope here{first.env(), [](const error&) { FAIL(); }};
        task_scope there{second.env(), [](const error&) { FAIL(); }};
        here.spawn(keep_error(accept_for(**place, taken), left));
        here.spawn(keep_error(call_one(first.engine(), (*place)->local(), answered), left));
        for (int turns = 0; turns < 5000 && !taken; ++turns) world_->step_both();
        ++left;
        there.spawn(keep_error(answer_one(second.engine(), std::move(taken)), left));
        for (int turns = 0; turns < 5000 && left > 0; ++turns) world_->step_both();
    }
    EXPECT_EQ(left, 0);
    EXPECT_EQ(answered, "bye");
}

}  // namespace
}  // namespace weir::inline v0::io
