#include "weir/base/fence.hpp"

#include <csignal>
#include <cstring>
#include <string>

#include <gtest/gtest.h>
#include <sys/mman.h>

#include "weir/base/asan.hpp"

namespace weir::inline v0 {
namespace {

#ifndef NDEBUG

void touch(const char* at) {
    volatile char used = *at;
    (void)used;
}

char* taken(std::size_t size) {
    auto* const memory = static_cast<char*>(fence::take(size));
    EXPECT_NE(memory, nullptr);
    std::memset(memory, 'a', size);
    return memory;
}

TEST(fence, names_the_places_of_what_was_given_back) {
    char* const memory = taken(10'000);
    {
        const fence::naming names{std::source_location::current(), std::string_view{"its end"}};
        const fence::naming inner{std::string_view{"elsewhere"}, std::string_view{"nowhere"}};
        EXPECT_TRUE(fence::give_back(memory, {}));
    }
    for (const std::size_t at : {0U, 9'999U}) {
        EXPECT_DEATH(touch(memory + at),
                     "a view is used whose bytes are no longer there.\n"
                     "    delivered at [^\n]*fence_test.cpp:[0-9]+\n"
                     "    given up at  its end\n"
                     "    used at\n.");
    }
}

TEST(fence, takes_the_word_of_who_gives_it_back_where_nobody_names_it) {
    char* const memory = taken(1);
    const fence::naming names{{}, std::source_location::current()};
    EXPECT_TRUE(fence::give_back(memory, std::string_view{"somewhere"}));
    EXPECT_DEATH(touch(memory),
                 "delivered at somewhere\n    given up at  .*fence_test.cpp:[0-9]+\n");
}

TEST(fence, leaves_alone_what_is_not_its_own) {
    std::string other(100, 'a');
    EXPECT_FALSE(fence::give_back(other.data(), {}));
}

TEST(fence, leaves_other_faults_to_whoever_handled_them) {
    EXPECT_TRUE(fence::give_back(taken(1), {}));
    void* const closed = ::mmap(nullptr, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(closed, MAP_FAILED);
    const auto* const at = static_cast<const char*>(closed);
    if (under_asan) {
        EXPECT_DEATH(touch(at), "AddressSanitizer: SEGV");
    } else {
        EXPECT_EXIT(touch(at), testing::KilledBySignal(SIGSEGV), "^$");
    }
    ::munmap(closed, 1);
}

TEST(fence, knows_the_last_pieces) {
    char* const memory = taken(1);
    EXPECT_TRUE(fence::give_back(memory, std::string_view{"long ago"}));
    for (int i = 0; i < 255; ++i) EXPECT_TRUE(fence::give_back(taken(1), {}));
    EXPECT_DEATH(touch(memory), "delivered at long ago");
}

TEST(fence, has_strings) {
    fence::string text(100, 'a');
    const char* const at = text.data();
    text.append(1000, 'b');
    EXPECT_EQ(text.size(), 1100U);
    if (fence::up()) {
        EXPECT_DEATH(touch(at), "a view is used whose bytes are no longer there");
    }
}

#endif

}  // namespace
}  // namespace weir::inline v0
