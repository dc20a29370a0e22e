#include "weir/base/mutex.hpp"

#include <thread>

#include <gtest/gtest.h>

namespace weir::inline v0 {
namespace {

bool can_take(mutex& lock) {
    if (!lock.try_lock()) return false;
    lock.unlock();
    return true;
}

bool another_thread_can_take(mutex& lock) {
    bool taken = false;
    std::jthread{[&] { taken = can_take(lock); }}.join();
    return taken;
}

TEST(mutex, is_held_by_one_thread_at_a_time) {
    mutex lock;
    EXPECT_TRUE(another_thread_can_take(lock));
    {
        const lock_guard held{lock};
        EXPECT_FALSE(another_thread_can_take(lock));
    }
    EXPECT_TRUE(another_thread_can_take(lock));
}

}  // namespace
}  // namespace weir::inline v0
