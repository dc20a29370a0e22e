// Every kind of operation, ended in every way while it waits: by a stop, by a deadline, by
// destruction.
#include <tuple>

#include <gtest/gtest.h>

#include "weir/task/scope.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/when_all.hpp"
#include "weir/task/with_timeout.hpp"

#include "io/transport_ops.hpp"
#include "io/world.hpp"

namespace weir::inline v0::io {
namespace {

using namespace std::chrono_literals;

enum class kind { receiving, receiving_into, sending, watching, accepting, connecting };

std::string word_of(kind kind) {
    switch (kind) {
        case kind::receiving:
            return "receiving";
        case kind::receiving_into:
            return "receiving_into";
        case kind::sending:
            return "sending";
        case kind::watching:
            return "watching";
        case kind::accepting:
            return "accepting";
        case kind::connecting:
            return "connecting";
    }
    return "";
}

// Where an operation of each kind waits for ever.
class stuck {
public:
    stuck(engine_world& world, kind kind) : engine_{&world.engine()} {
        if (kind == kind::sending) text = pattern(world.flood());
        pieces.push_back(piece{text.data(), text.size()});
    }

    task<result<>> prepare(engine_world& world) {
        auto made = co_await or_return(world.make_link());
        near = std::move(made.near);
        far = std::move(made.far);
        quiet = co_await or_return(listen_here(*engine_));
        deaf = co_await or_return(listen_here(*engine_));
        deaf->refuse_new();
        co_return {};
    }

    task<errc> wait(kind kind) {
        switch (kind) {
            case kind::receiving: {
                const auto got = co_await receive_chunk{*near};
                co_return got ? errc{} : got.error().code();
            }
            case kind::receiving_into: {
                const auto got = co_await receive_into{*near, place};
                co_return got ? errc{} : got.error().code();
            }
            case kind::sending: {
                const auto sent = co_await send_pieces{*near, pieces};
                co_return sent ? errc{} : sent.error().code();
            }
            case kind::watching:
                co_return co_await watch_break{*near};
            case kind::accepting: {
                const auto came = co_await accept{*quiet};
                co_return came ? errc{} : came.error().code();
            }
            case kind::connecting: {
                const auto went = co_await connect{*engine_, deaf->local()};
                co_return went ? errc{} : went.error().code();
            }
        }
        co_return errc::internal;
    }

    // That all of it still works, and that nothing was lost or came twice.
    task<result<>> check(kind kind) {
        co_await or_return(send_text(*far, "still here"));
        const auto got = co_await or_return(receive_text(*near, 10));
        EXPECT_EQ(got, "still here");
        auto [called, answered] =
            co_await when_all(dial(*engine_, quiet->local()), take(*engine_, *quiet));
        EXPECT_TRUE(called.has_value() && answered.has_value());
        if (kind == kind::sending) co_await or_return(check_sent());
        co_return {};
    }

    std::unique_ptr<transport> near;
    std::unique_ptr<transport> far;
    std::unique_ptr<listener> quiet;
    std::unique_ptr<listener> deaf;
    std::array<std::byte, 64> place{};
    std::string text;
    std::vector<piece> pieces;

private:
    // What arrives is a part of the text from its start on, whatever became of its memory since.
    task<result<>> check_sent() {
        const std::string before = text;
        std::fill(text.begin(), text.end(), 'X');
        near->shutdown();
        const std::string got = co_await receive_up_to(*far, text.size() + 1);
        EXPECT_LT(got.size(), text.size());
        EXPECT_TRUE(got == before.substr(0, got.size()));
        co_return {};
    }

    engine* engine_;
};

class cancel_test : public testing::TestWithParam<std::tuple<std::string, kind>> {
protected:
    void SetUp() override {
        try {
            world_.emplace(std::get<0>(GetParam()), 256);
        } catch (const std::system_error& refused) {
            GTEST_SKIP() << refused.what();
        }
    }
    enum kind kind() const { return std::get<1>(GetParam()); }

    std::optional<engine_world> world_;
};

INSTANTIATE_TEST_SUITE_P(on, cancel_test,
                         testing::Combine(testing::ValuesIn(engine_names()),
                                          testing::Values(kind::receiving, kind::receiving_into,
                                                          kind::sending, kind::watching,
                                                          kind::accepting, kind::connecting)),
                         [](const auto& info) {
                             return std::get<0>(info.param) + "_" +
                                    word_of(std::get<1>(info.param));
                         });

// Lets everything that can happen happen.
task<> settle() { (void)co_await sleep(5ms); }

task<> note(stuck& stuck, kind kind, std::vector<errc>& outcomes) {
    const errc outcome = co_await stuck.wait(kind);
    outcomes.push_back(outcome);
}

task<result<>> times_out(engine_world& world, kind kind) {
    stuck stuck{world, kind};
    co_await or_return(stuck.prepare(world));
    const time_point before = world.loop().now();
    EXPECT_EQ(co_await with_timeout(20ms, stuck.wait(kind)), errc::timed_out);
    EXPECT_GE(world.loop().now() - before, 20ms);
    co_await settle();
    co_await or_return(stuck.check(kind));
    co_return {};
}

TEST_P(cancel_test, a_deadline_ends_it_with_timed_out) { world_->run(times_out(*world_, kind())); }

task<result<>> is_canceled(engine_world& world, kind kind) {
    stuck stuck{world, kind};
    co_await or_return(stuck.prepare(world));
    std::vector<errc> outcomes;
    {
        const environment& env = co_await this_env{};
        task_scope scope{env, [](const error&) { FAIL(); }};
        scope.spawn(note(stuck, kind, outcomes));
        co_await settle();
        EXPECT_TRUE(outcomes.empty());
        scope.request_stop();
        co_await scope.join();
    }
    co_await settle();
    EXPECT_EQ(outcomes, std::vector{errc::canceled});
    co_await or_return(stuck.check(kind));
    co_return {};
}

TEST_P(cancel_test, a_stop_ends_it_once_with_canceled) {
    world_->run(is_canceled(*world_, kind()));
}

task<result<>> is_canceled_at_once(engine_world& world, kind kind) {
    stuck stuck{world, kind};
    co_await or_return(stuck.prepare(world));
    std::vector<errc> outcomes;
    {
        const environment& env = co_await this_env{};
        task_scope scope{env, [](const error&) { FAIL(); }};
        scope.request_stop();
        scope.spawn(note(stuck, kind, outcomes));
        EXPECT_EQ(outcomes, std::vector{errc::canceled});
        co_await scope.join();
    }
    EXPECT_EQ(stuck.pieces.front().size, stuck.text.size());
    co_await or_return(stuck.check(kind));
    co_return {};
}

TEST_P(cancel_test, an_earlier_stop_keeps_it_from_starting) {
    world_->run(is_canceled_at_once(*world_, kind()));
}

// A stop in the very turn that it was started in, before any system has heard of it.
task<result<>> is_canceled_before_the_turn_ends(engine_world& world, kind kind) {
    stuck stuck{world, kind};
    co_await or_return(stuck.prepare(world));
    std::vector<errc> outcomes;
    {
        const environment& env = co_await this_env{};
        task_scope scope{env, [](const error&) { FAIL(); }};
        scope.spawn(note(stuck, kind, outcomes));
        scope.request_stop();
        co_await scope.join();
    }
    EXPECT_EQ(outcomes, std::vector{errc::canceled});
    co_await or_return(stuck.check(kind));
    co_return {};
}

TEST_P(cancel_test, a_stop_in_the_same_turn_ends_it) {
    world_->run(is_canceled_before_the_turn_ends(*world_, kind()));
}

task<result<>> is_destroyed(engine_world& world, kind kind, bool settled) {
    stuck stuck{world, kind};
    co_await or_return(stuck.prepare(world));
    std::vector<errc> outcomes;
    {
        const environment& env = co_await this_env{};
        task_scope scope{env, [](const error&) { FAIL(); }};
        scope.spawn(note(stuck, kind, outcomes));
        if (settled) co_await settle();
    }
    EXPECT_TRUE(outcomes.empty());
    // What comes now is not for the operation that is gone.
    co_await or_return(stuck.check(kind));
    EXPECT_EQ(stuck.place, (std::array<std::byte, 64>{}));
    EXPECT_TRUE(outcomes.empty());
    co_return {};
}

// BEHAVIOUR.md, Process, "a coroutine destroyed at any suspension point".
TEST_P(cancel_test, destroyed_while_it_waits_it_leaves_nothing_behind) {
    world_->run(is_destroyed(*world_, kind(), true));
}

TEST_P(cancel_test, destroyed_in_the_turn_it_started_in_it_leaves_nothing_behind) {
    world_->run(is_destroyed(*world_, kind(), false));
}

// A stop and a completion on their way at the same time: one outcome, and no byte is lost for it.
task<> receive_one(transport& from, std::string& got, int& outcomes) {
    const auto next = co_await receive_chunk{from};
    if (next) got += next->text();
    ++outcomes;
}

class race_test : public world_test<world> {};

INSTANTIATE_TEST_SUITE_P(on, race_test, testing::ValuesIn(transport_names()), name_of);

task<result<>> races(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    const environment& env = co_await this_env{};
    std::string sent;
    std::string got;
    for (int round = 0; round < 200; ++round) {
        const std::string byte(1, static_cast<char>('a' + round % 26));
        sent += byte;
        int outcomes = 0;
        task_scope scope{env, [](const error&) { FAIL(); }};
        scope.spawn(receive_one(*far, got, outcomes));
        co_await or_return(send_text(*near, byte));
        for (int turns = round % 4; turns > 0; --turns) co_await yield();
        scope.request_stop();
        co_await scope.join();
        EXPECT_EQ(outcomes, 1);
        if (got.size() < sent.size()) got += co_await or_return(receive_text(*far, 1));
        EXPECT_EQ(got, sent);
    }
    co_return {};
}

TEST_P(race_test, a_completion_that_races_a_stop_has_one_outcome) { run(races(*world_)); }

task<result<>> accept_races(engine_world& world) {
    auto place = co_await or_return(listen_here(world.engine()));
    const environment& env = co_await this_env{};
    const auto accept_one = [](engine_world& in, listener& at, int& came) -> task<> {
        const auto one = co_await take(in.engine(), at);
        if (one) ++came;
    };
    int came = 0;
    for (int round = 0; round < 60; ++round) {
        task_scope scope{env, [](const error&) { FAIL(); }};
        scope.spawn(accept_one(world, *place, came));
        auto near = co_await or_return(dial(world.engine(), place->local()));
        for (int turns = round % 4; turns > 0; --turns) co_await yield();
        scope.request_stop();
        co_await scope.join();
        if (came == round) {
            auto far = co_await or_return(take(world.engine(), *place));
            ++came;
        }
        EXPECT_EQ(came, round + 1);
    }
    co_return {};
}

class accept_race_test : public world_test<engine_world> {};

INSTANTIATE_TEST_SUITE_P(on, accept_race_test, testing::ValuesIn(engine_names()), name_of);

TEST_P(accept_race_test, a_stop_loses_no_connection) { run(accept_races(*world_)); }

// The stream itself: what a destroyed send or receive means for a pair in memory, too.
class abandon_test : public world_test<world> {};

INSTANTIATE_TEST_SUITE_P(on, abandon_test, testing::ValuesIn(transport_names()), name_of);

task<result<>> abandons_with_its_transport(world& world) {
    auto [near, far] = co_await or_return(world.make_link());
    const environment& env = co_await this_env{};
    int outcomes = 0;
    std::string got;
    const auto hold = [](std::unique_ptr<transport> mine, std::string& into, int& ended) -> task<> {
        co_await receive_one(*mine, into, ended);
    };
    {
        task_scope scope{env, [](const error&) { FAIL(); }};
        scope.spawn(hold(std::move(near), got, outcomes));
        co_await settle();
    }
    EXPECT_EQ(outcomes, 0);
    EXPECT_EQ(co_await receive_error(*far), errc::end_of_stream);
    co_return {};
}

TEST_P(abandon_test, a_task_that_owns_its_transport_closes_it_when_destroyed) {
    run(abandons_with_its_transport(*world_));
}

}  // namespace
}  // namespace weir::inline v0::io
