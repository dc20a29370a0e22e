#include "support/allocations.hpp"

#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

namespace weir::heap {
namespace {

// Called through these, a pair of calls is not optimised away.
void* (*volatile allocate)(std::size_t) = std::malloc;
void* (*volatile allocate_zeroed)(std::size_t, std::size_t) = std::calloc;
void* (*volatile resize)(void*, std::size_t) = std::realloc;
void* (*volatile allocate_aligned)(std::size_t, std::size_t) = std::aligned_alloc;
void (*volatile release)(void*) = std::free;
void* (*volatile operator_new)(std::size_t) = ::operator new;
void (*volatile operator_delete)(void*) = ::operator delete;

class allocations : public testing::Test {
protected:
    void SetUp() override {
        if (!counted) GTEST_SKIP() << "a sanitizer has a heap of its own";
    }
};

TEST_F(allocations, are_counted_whoever_asks) {
    const auto before = requests();
    release(resize(allocate(10), 1000));
    EXPECT_EQ(requests(), before + 2);
    release(allocate_zeroed(3, 5));
    release(allocate_aligned(64, 128));
    operator_delete(operator_new(10));
    EXPECT_EQ(requests(), before + 5);
}

TEST_F(allocations, of_one_library_are_counted_apart) {
    EXPECT_FALSE(count_apart("no such library"));
    ASSERT_TRUE(count_apart("libstdc++"));
    const auto before = requests();
    const auto before_apart = requests_apart();
    release(allocate(10));
    operator_delete(operator_new(10));  // libstdc++ asks malloc for it
    EXPECT_EQ(requests(), before + 1);
    EXPECT_EQ(requests_apart(), before_apart + 1);
    count_nothing_apart();
    operator_delete(operator_new(10));
    EXPECT_EQ(requests(), before + 2);
}

}  // namespace
}  // namespace weir::heap
