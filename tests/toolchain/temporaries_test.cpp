// What happens to the temporaries of an expression that waits.
//
// Objects of classes with a constructor must live and die once: weir's public parameter types are
// all of that kind. For aggregates and closures GCC 12 is known to be broken: those probes print
// what they find, and tools/tidy keeps such code out. An initializer list inside co_await does not
// even compile there ("array used as initializer").
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "probe.hpp"

namespace probe {
namespace {

class temporaries : public ::testing::Test {
protected:
    void SetUp() override { ledger() = {}; }
};

// Wraps a value so that awaiting it gives the number back, after a suspension or without one.
class waiting_for {
public:
    waiting_for(int number, gate* at) noexcept : number_{number}, at_{at} {}

    class awaiter {
    public:
        awaiter(int number, gate* at) noexcept : number_{number}, at_{at} {}
        awaiter(const awaiter&) = delete;
        awaiter& operator=(const awaiter&) = delete;
        bool await_ready() const noexcept { return at_ == nullptr; }
        void await_suspend(std::coroutine_handle<> waiting) const noexcept { at_->hold(waiting); }
        int await_resume() const noexcept { return number_; }

    private:
        int number_;
        gate* at_;
    };
    awaiter wait() const noexcept { return awaiter{number_, at_}; }

private:
    int number_;
    gate* at_;
};

// Without a suspension, and resumed after one.
template <class Probe>
bool sound_when_run(Probe probe, int expected) {
    ledger() = {};
    if (run(probe(nullptr)).result != expected || !ledger().sound()) return false;
    gate resumed;
    outcome end;
    start(probe(&resumed), end);
    resumed.waiting().resume();
    return end.finished && end.result == expected && ledger().sound();
}

// And destroyed where it waits.
template <class Probe>
bool sound_on_every_path(Probe probe, int expected) {
    if (!sound_when_run(probe, expected)) return false;
    gate destroyed;
    outcome never;
    start(probe(&destroyed), never);
    destroyed.waiting().destroy();
    return ledger().sound();
}

waiting_for by_value(guest one, gate* at) { return {one.number(), at}; }
waiting_for by_reference(const guest& one, gate* at) { return {one.number(), at}; }

job awaits_a_class(gate* at) { co_return co_await by_value(guest{5}, at); }
job awaits_a_reference(gate* at) { co_return co_await by_reference(guest{5}, at); }

class params {
public:
    params(std::string name, guest value) : name_{std::move(name)}, value_{std::move(value)} {}
    int number() const { return static_cast<int>(name_.size()) + value_.number(); }

private:
    std::string name_;
    guest value_;
};

waiting_for with_params(params given, gate* at) { return {given.number(), at}; }
job awaits_params(gate* at) {
    co_return co_await with_params(params{"a name beyond the small buffer of a string", guest{8}},
                                   at);
}
job awaits_moved_params(gate* at) {
    params named{"a name beyond the small buffer of a string", guest{8}};
    co_return co_await with_params(std::move(named), at);
}

job child_with(guest parameter, std::string text, gate* at) {
    if (at != nullptr) co_await *at;
    co_return parameter.number() + static_cast<int>(text.size());
}
job awaits_a_child(gate* at) {
    co_return co_await child_with(guest{8}, "a name beyond the small buffer of a string", at);
}

TEST_F(temporaries, of_classes_with_a_constructor_live_and_die_once) {
    EXPECT_TRUE(sound_on_every_path(awaits_a_class, 5));
    EXPECT_TRUE(sound_on_every_path(awaits_a_reference, 5));
    EXPECT_TRUE(sound_on_every_path(awaits_params, 50));
    EXPECT_TRUE(sound_on_every_path(awaits_moved_params, 50));
    EXPECT_TRUE(sound_when_run(awaits_a_child, 50));
}

struct aggregate {
    guest one;
    guest two;
};
waiting_for with_aggregate(aggregate given, gate* at) {
    return {given.one.number() + given.two.number(), at};
}
waiting_for with_aggregate_reference(const aggregate& given, gate* at) {
    return {given.one.number() + given.two.number(), at};
}
job awaits_an_aggregate(gate* at) {
    co_return co_await with_aggregate(aggregate{guest{1}, guest{2}}, at);
}
job awaits_a_braced_aggregate(gate* at) {
    co_return co_await with_aggregate({guest{1}, guest{2}}, at);
}
job awaits_an_aggregate_reference(gate* at) {
    co_return co_await with_aggregate_reference(aggregate{guest{1}, guest{2}}, at);
}

template <class Call>
waiting_for with_call(Call call, gate* at) {
    return {call(), at};
}
template <class Call>
waiting_for with_call_reference(const Call& call, gate* at) {
    return {call(), at};
}
job awaits_a_closure(gate* at) {
    const guest captured{6};
    co_return co_await with_call([captured] { return captured.number(); }, at);
}
job awaits_a_closure_reference(gate* at) {
    const guest captured{6};
    co_return co_await with_call_reference([captured] { return captured.number(); }, at);
}
job awaits_a_closure_over_a_reference(gate* at) {
    const guest captured{6};
    co_return co_await with_call([&captured] { return captured.number(); }, at);
}

TEST_F(temporaries, of_other_kinds_are_named_first_because) {
    note("co_await f(aggregate{...})", sound_on_every_path(awaits_an_aggregate, 3));
    note("co_await f({...}) for an aggregate", sound_on_every_path(awaits_a_braced_aggregate, 3));
    note("co_await f(const aggregate&)", sound_on_every_path(awaits_an_aggregate_reference, 3));
    note("co_await f(closure by value)", sound_on_every_path(awaits_a_closure, 6));
    note("co_await f(const closure&)", sound_on_every_path(awaits_a_closure_reference, 6));
    EXPECT_TRUE(sound_on_every_path(awaits_a_closure_over_a_reference, 6));
}

job awaits_in_a_branch(gate* at) {
    const bool taken = ledger().born >= 0;
    guest own{2};
    const int number = taken ? co_await by_value(guest{5}, at) : own.number();
    co_return number;
}

TEST_F(temporaries, in_a_conditional_operator_are_banned_because) {
    note("condition ? co_await a : b", sound_on_every_path(awaits_in_a_branch, 5));
}

}  // namespace
}  // namespace probe
