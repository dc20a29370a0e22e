// Who may call.

#include "app/api/token_check.hpp"

#include <gtest/gtest.h>

namespace weir::app {
namespace {

auth_config two_tokens() {
    auth_config auth;
    auth.tokens = {{"old", "0123456789abcdef"}, {"new", "fedcba9876543210+/=="}};
    return auth;
}

TEST(the_token_check, asks_nobody_where_there_is_no_token) {
    const auth_config none;
    EXPECT_FALSE(token_check{none}.asks(true));
    EXPECT_FALSE(token_check{none}.asks(false));
}

TEST(the_token_check, asks_writers_always_and_readers_unless_reads_are_open) {
    auth_config auth = two_tokens();
    EXPECT_TRUE(token_check{auth}.asks(true));
    EXPECT_TRUE(token_check{auth}.asks(false));
    auth.reads = read_access::open;
    EXPECT_TRUE(token_check{auth}.asks(true));
    EXPECT_FALSE(token_check{auth}.asks(false));
}

TEST(the_token_check, knows_each_token_and_nothing_like_it) {
    const auth_config auth = two_tokens();
    const token_check check{auth};
    EXPECT_TRUE(check.knows("0123456789abcdef"));
    EXPECT_TRUE(check.knows("fedcba9876543210+/=="));
    for (const std::string_view wrong :
         {"", "0123456789abcde", "0123456789abcdeF", "0123456789abcdef0", "x123456789abcdef",
          "0123456789abcdef0123456789abcdef", "old", "fedcba9876543210+/="})
        EXPECT_FALSE(check.knows(wrong)) << wrong;
}

TEST(the_token_check, reads_a_bearer_field) {
    const auth_config auth = two_tokens();
    const token_check check{auth};
    EXPECT_TRUE(check.knows_bearer("Bearer 0123456789abcdef"));
    EXPECT_TRUE(check.knows_bearer("bEARER   0123456789abcdef"));
    for (const std::string_view wrong :
         {"", "Bearer", "Bearer ", "Basic 0123456789abcdef", "0123456789abcdef",
          "Bearer0123456789abcdef", "Bearer 0123456789abcdef x"})
        EXPECT_FALSE(check.knows_bearer(wrong)) << wrong;
}

}  // namespace
}  // namespace weir::app
