#include "service/beat_watch.hpp"

#include <gtest/gtest.h>

namespace weir::inline v0 {
namespace {

class beat_watch_test : public testing::Test {
protected:
    beat_watch_test() { beats_.begin(2); }
    void look(int times) {
        for (int i = 0; i < times; ++i) watch_.look();
    }

    heartbeats beats_{2};
    beat_watch watch_{beats_};
};

TEST_F(beat_watch_test, names_a_loop_that_has_missed_five_beats_until_it_turns_again) {
    for (int i = 0; i < 5; ++i) {
        beats_.beat(0);
        look(1);
        EXPECT_EQ(watch_.stalled(), std::nullopt) << i;
    }
    beats_.beat(0);
    look(1);
    EXPECT_EQ(watch_.stalled(), 1U);
    EXPECT_FALSE(watch_.stalls(0));
    EXPECT_EQ(watch_.missed(1), 5);
    beats_.beat(1);
    look(1);
    EXPECT_EQ(watch_.stalled(), std::nullopt);
    EXPECT_EQ(watch_.missed(1), 0);
}

// However long nobody looked, as where the process was stopped.
TEST_F(beat_watch_test, counts_what_it_has_seen_pass) {
    look(5);
    EXPECT_EQ(watch_.stalled(), std::nullopt);
    look(1);
    EXPECT_EQ(watch_.stalled(), 0U);
}

TEST_F(beat_watch_test, waits_for_no_loop_that_has_ended) {
    beats_.end(0);
    look(4);
    beats_.end(1);
    look(10);
    EXPECT_EQ(watch_.stalled(), std::nullopt);
    beats_.begin(2);
    look(6);
    EXPECT_EQ(watch_.stalled(), 0U) << "a service may serve again";
}

TEST(beat_watch, waits_for_no_loop_before_the_beginning) {
    const heartbeats beats{1};
    beat_watch watch{beats};
    for (int i = 0; i < 10; ++i) watch.look();
    EXPECT_EQ(watch.stalled(), std::nullopt);
}

}  // namespace
}  // namespace weir::inline v0
