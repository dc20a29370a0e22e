// What a server does about what a client says, and when.

#include "weir/call/conversation.hpp"

#include <gtest/gtest.h>

namespace weir::inline v0::call {
namespace {

using action = conversation::action;
using state = conversation::state;

message greeting(std::int64_t version = 1) { return hello{version}; }
message some_call() { return request{}; }

conversation opened() {
    conversation with;
    EXPECT_EQ(with.on(greeting()), action::say_hello);
    return with;
}

errc refused(conversation& with, const message& said) {
    const auto outcome = with.on(said);
    EXPECT_FALSE(outcome);
    EXPECT_TRUE(with.ended());
    return outcome ? errc{} : outcome.error().code();
}

TEST(the_conversation, begins_with_a_hello) {
    conversation with = opened();
    EXPECT_EQ(with.on(some_call()), action::begin);
    EXPECT_EQ(with.on(cancel{id{1}}), action::cancel);
    EXPECT_EQ(with.now(), state::open);
}

TEST(the_conversation, begins_with_nothing_else) {
    for (auto make : {+[] { return some_call(); }, +[] { return message{cancel{id{1}}}; },
                      +[] { return message{goodbye{}}; }}) {
        conversation with;
        EXPECT_EQ(refused(with, make()), errc::malformed);
    }
}

TEST(the_conversation, has_one_hello) {
    conversation with = opened();
    EXPECT_EQ(refused(with, greeting()), errc::malformed);
    conversation leaving = opened();
    leaving.leave();
    EXPECT_EQ(refused(leaving, greeting()), errc::malformed);
}

TEST(the_conversation, is_had_in_the_highest_version_that_both_speak) {
    conversation newer;
    EXPECT_EQ(newer.on(greeting(7)), action::say_hello);
    conversation older;
    EXPECT_EQ(refused(older, greeting(0)), errc::unsupported);
}

TEST(the_conversation, begins_no_call_once_the_server_leaves) {
    conversation with = opened();
    EXPECT_TRUE(with.may_leave());
    EXPECT_EQ(with.leave(), action::say_goodbye);
    EXPECT_FALSE(with.may_leave());
    EXPECT_EQ(with.on(some_call()), action::refuse);
    EXPECT_EQ(with.on(cancel{id{1}}), action::cancel);
}

TEST(the_conversation, says_goodbye_behind_a_late_hello) {
    conversation with;
    EXPECT_EQ(with.leave(), action::nothing);
    EXPECT_FALSE(with.may_leave());
    EXPECT_FALSE(with.greeted());
    EXPECT_EQ(with.on(greeting()), action::say_hello_and_goodbye);
    EXPECT_EQ(with.on(some_call()), action::refuse);
}

TEST(the_conversation, ends_with_the_clients_goodbye) {
    conversation open = opened();
    EXPECT_EQ(open.on(goodbye{}), action::nothing);
    EXPECT_TRUE(open.ended());
    conversation leaving = opened();
    leaving.leave();
    EXPECT_EQ(leaving.on(goodbye{}), action::nothing);
    EXPECT_TRUE(leaving.ended());
}

TEST(the_conversation, can_be_ended_twice) {
    conversation with;
    with.end();
    with.end();
    EXPECT_TRUE(with.ended());
    EXPECT_FALSE(with.may_leave());
}

}  // namespace
}  // namespace weir::inline v0::call
