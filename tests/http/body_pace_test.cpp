#include "http/body_pace.hpp"

#include <gtest/gtest.h>

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

server_options options() {
    server_options options;
    options.body_timeout = 10s;
    options.body_window = 2s;
    options.min_bytes_per_window = 100;
    return options;
}

TEST(body_pace, wants_the_minimum_in_each_window) {
    body_pace pace{options()};
    EXPECT_EQ(pace.patience(), 2s);
    EXPECT_TRUE(pace.waited(1s, 50));
    EXPECT_EQ(pace.patience(), 1s);
    EXPECT_TRUE(pace.waited(1s, 50));
    EXPECT_EQ(pace.patience(), 2s);
    EXPECT_TRUE(pace.waited(1999ms, 99));
    EXPECT_FALSE(pace.waited(1ms, 0));
}

TEST(body_pace, wants_all_of_it_in_its_time) {
    body_pace pace{options()};
    for (int i = 0; i < 9; ++i) EXPECT_TRUE(pace.waited(1s, 1000));
    EXPECT_EQ(pace.patience(), 1s);
    EXPECT_FALSE(pace.waited(1s, 1000));
}

TEST(body_pace, is_patient_with_one_that_comes_at_once) {
    body_pace pace{options()};
    for (int i = 0; i < 100'000; ++i) EXPECT_TRUE(pace.waited(0s, 1));
    EXPECT_EQ(pace.patience(), 2s);
}

}  // namespace
}  // namespace weir::inline v0::http
