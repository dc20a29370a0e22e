// What statements have shown of the disk, and for how long it counts.

#include "app/data/disk_health.hpp"

#include <string>

#include <gtest/gtest.h>

namespace weir::app {
namespace {

using namespace std::chrono_literals;

class the_health_of_a_disk : public ::testing::Test {
protected:
    void pass(duration time) { now_ = after(now_, time); }
    void fail(disk_access kind) { health_.failed(kind, now_); }
    // What is wrong; empty where nothing is.
    std::string complaint() const {
        const auto outcome = health_.check(now_);
        return outcome ? std::string{} : outcome.error().message();
    }

    disk_health health_;

private:
    time_point now_{1h};
};

TEST_F(the_health_of_a_disk, is_good_before_anything_was_tried) { EXPECT_EQ(complaint(), ""); }

TEST_F(the_health_of_a_disk, says_what_failed) {
    fail(disk_access::write);
    EXPECT_EQ(complaint(), "the last write failed");
    fail(disk_access::read);
    EXPECT_EQ(complaint(), "the last read and the last write failed");
    health_.succeeded(disk_access::write);
    EXPECT_EQ(complaint(), "the last read failed");
}

TEST_F(the_health_of_a_disk, is_good_after_a_success_of_the_kind_that_failed) {
    for (const disk_access kind : {disk_access::read, disk_access::write}) {
        fail(kind);
        health_.succeeded(kind);
        EXPECT_EQ(complaint(), "");
    }
}

TEST_F(the_health_of_a_disk, is_not_good_after_a_success_of_the_other_kind) {
    fail(disk_access::write);
    health_.succeeded(disk_access::read);
    EXPECT_EQ(complaint(), "the last write failed");
}

TEST_F(the_health_of_a_disk, is_unknown_and_so_good_10_s_after_the_last_failure) {
    for (const disk_access kind : {disk_access::read, disk_access::write}) {
        fail(kind);
        pass(9s);
        fail(kind);
        pass(10s - 1ns);
        EXPECT_NE(complaint(), "");
        pass(1ns);
        EXPECT_EQ(complaint(), "");
    }
}

TEST_F(the_health_of_a_disk, is_bad_again_with_the_next_failure) {
    fail(disk_access::write);
    pass(1min);
    fail(disk_access::write);
    EXPECT_EQ(complaint(), "the last write failed");
}

}  // namespace
}  // namespace weir::app
