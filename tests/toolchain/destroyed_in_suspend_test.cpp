// A coroutine that destroys its own frame inside await_suspend and transfers to another: what
// `co_await or_return(x)` stands on. Everything the frame held must die exactly once, before the
// one that awaited it goes on.
#include <stdexcept>

#include <gtest/gtest.h>

#include "probe.hpp"

namespace probe {
namespace {

class destroyed_in_suspend : public ::testing::Test {
protected:
    void SetUp() override { ledger() = {}; }
    void TearDown() override {
        EXPECT_EQ(ledger().born, ledger().died);
        EXPECT_EQ(ledger().died_elsewhere, 0);
    }
};

int number_of(const guest& someone) { return someone.number(); }
int sum(const guest& one, const guest& two, const guest& three) {
    return one.number() + two.number() + three.number();
}

job leaves_with_locals(guest parameter, bool now) {
    guest outer{1};
    {
        guest inner{2};
        co_await leave{-1, now};
        guest later{3};
        co_return inner.number() + later.number() + outer.number() + parameter.number();
    }
}

TEST_F(destroyed_in_suspend, locals_and_parameters_die_once) {
    EXPECT_EQ(run(leaves_with_locals(guest{4}, true)).result, -1);
    EXPECT_TRUE(ledger().sound());
    EXPECT_EQ(run(leaves_with_locals(guest{4}, false)).result, 10);
}

job leaves_among_temporaries(bool now) {
    const int total = sum(guest{1}, co_await leave{-1, now}, guest{2});
    co_return total;
}

TEST_F(destroyed_in_suspend, temporaries_of_the_full_expression_die_once) {
    EXPECT_EQ(run(leaves_among_temporaries(true)).result, -1);
    EXPECT_TRUE(ledger().sound());
    EXPECT_EQ(run(leaves_among_temporaries(false)).result, 3);
}

job leaves_in_a_condition(bool now) {
    guest local{1};
    if (number_of(co_await leave{-1, now}) == 0) co_return 7;
    co_return 8;
}

job leaves_in_a_loop(int rounds) {
    for (int round = 0; round < rounds; ++round) {
        guest each{round};
        co_await leave{-round, round == 3};
    }
    co_return 9;
}

job leaves_in_a_return(bool now) { co_return number_of(co_await leave{-1, now}); }

job leaves_in_a_try(bool now) {
    try {
        guest guarded{1};
        co_await leave{-1, now};
        throw std::runtime_error{"thrown"};
    } catch (const std::runtime_error&) {
        co_return 5;
    }
}

TEST_F(destroyed_in_suspend, leaves_from_any_statement) {
    EXPECT_EQ(run(leaves_in_a_condition(true)).result, -1);
    EXPECT_EQ(run(leaves_in_a_condition(false)).result, 7);
    EXPECT_EQ(run(leaves_in_a_loop(10)).result, -3);
    EXPECT_EQ(run(leaves_in_a_loop(2)).result, 9);
    EXPECT_EQ(run(leaves_in_a_return(true)).result, -1);
    EXPECT_EQ(run(leaves_in_a_return(false)).result, 0);
    EXPECT_EQ(run(leaves_in_a_try(true)).result, -1);
    EXPECT_EQ(run(leaves_in_a_try(false)).result, 5);
}

int alive_when_resumed = -1;

job child_of(guest parameter, bool now) {
    guest local{1};
    co_await leave{-1, now};
    co_return local.number() + parameter.number();
}

job parent_of(bool now) {
    guest own{1};
    const int answer = co_await child_of(guest{2}, now);
    alive_when_resumed = ledger().alive();
    co_return answer + 10 * own.number();
}

// The child in a variable, where GCC 12 and clang 19 differ for coroutines whose task destroys
// them.
job parent_with_a_named_child(bool now) {
    guest own{1};
    job child = child_of(guest{2}, now);
    const int answer = co_await std::move(child);
    alive_when_resumed = ledger().alive();
    co_return answer + 10 * own.number();
}

TEST_F(destroyed_in_suspend, a_child_is_gone_before_its_parent_goes_on) {
    for (const bool now : {true, false}) {
        EXPECT_EQ(run(parent_with_a_named_child(now)).result, now ? 9 : 13);
        EXPECT_EQ(alive_when_resumed, 1) << "leaves early: " << now;
    }
}

// The by-value argument of the call lives until the end of the full expression: not yet here.
TEST_F(destroyed_in_suspend, a_child_awaited_where_it_is_made_is_gone_as_well) {
    for (const bool now : {true, false}) {
        EXPECT_EQ(run(parent_of(now)).result, now ? 9 : 13);
        EXPECT_EQ(alive_when_resumed, 1) << "leaves early: " << now;
    }
}

job descends(int levels, guest luggage) {
    guest local{levels};
    int below = 0;
    if (levels > 0) below = co_await descends(levels - 1, luggage);
    co_await leave{below - 1, levels % 2 == 0};
    co_return below - 1;
}

TEST_F(destroyed_in_suspend, through_many_levels) {
    EXPECT_EQ(run(descends(100, guest{1})).result, -101);
}

job waits_at(gate& at) {
    guest local{1};
    co_await at;
    co_await leave{local.number() + 1};
    co_return 0;
}

job waits_below(gate& at) {
    guest local{1};
    job child = waits_at(at);
    co_return co_await std::move(child) + local.number();
}

TEST_F(destroyed_in_suspend, after_it_was_resumed_from_outside) {
    gate at;
    outcome end;
    start(waits_below(at), end);
    EXPECT_FALSE(end.finished);
    at.waiting().resume();
    EXPECT_TRUE(end.finished);
    EXPECT_EQ(end.result, 3);
}

job throws_below(bool now) {
    guest local{1};
    co_await leave{-1, now};
    throw std::runtime_error{"thrown"};
}

job catches_from_below(bool now) {
    try {
        guest local{1};
        co_return co_await throws_below(now) + local.number();
    } catch (const std::runtime_error&) {
    }
    co_return 6;
}

TEST_F(destroyed_in_suspend, an_exception_crosses_the_same_way) {
    EXPECT_EQ(run(catches_from_below(false)).result, 6);
    EXPECT_EQ(run(catches_from_below(true)).result, 0);
}

// Someone else destroys the frame where it waits: an owner that gave up.
job waits_among_temporaries(gate& at, guest parameter) {
    guest local{1};
    co_return sum(guest{1}, co_await at, parameter);
}

TEST_F(destroyed_in_suspend, from_outside_while_it_waits) {
    gate at;
    outcome end;
    start(waits_among_temporaries(at, guest{2}), end);
    EXPECT_GT(ledger().alive(), 0);
    at.waiting().destroy();
    EXPECT_EQ(ledger().alive(), 0);
}

TEST_F(destroyed_in_suspend, before_it_ever_ran) {
    {
        const job never_started = leaves_with_locals(guest{1}, true);
        EXPECT_GT(ledger().alive(), 0);
    }
    EXPECT_EQ(ledger().alive(), 0);
}

}  // namespace
}  // namespace probe
