#include "weir/base/error.hpp"

#include <cerrno>
#include <type_traits>

#include <gtest/gtest.h>

#include "weir/base/result.hpp"

namespace weir::inline v0 {
namespace {

static_assert(std::is_nothrow_move_constructible_v<error>);
static_assert(std::is_nothrow_move_assignable_v<error>);
static_assert(sizeof(error) == 2 * sizeof(void*));

TEST(error, compares_with_its_code_and_reads_as_its_name) {
    const error plain{errc::timed_out};
    EXPECT_EQ(plain, errc::timed_out);
    EXPECT_NE(plain, errc::canceled);
    EXPECT_EQ(plain.text(), "timed_out");
    EXPECT_EQ(plain.cause(), nullptr);
}

TEST(error, tells_the_whole_chain_of_causes) {
    auto why = error{errc::unavailable, "no session"}.because(
        error{errc::refused, "connect"}.because(error{errc::unreachable}));
    EXPECT_EQ(why.message(), "no session: connect: unreachable");
    EXPECT_EQ(why.clone().message(), why.message());
}

TEST(error, maps_errno_and_says_what_was_attempted) {
    const error why = error::from_errno(EADDRINUSE, "bind 127.0.0.1:80");
    EXPECT_EQ(why, errc::address_in_use);
    EXPECT_EQ(why.text(), "bind 127.0.0.1:80: Address already in use");
}

TEST(error, keeps_the_sqlstate) {
    EXPECT_EQ((error{errc::conflict, "duplicate"}.with_sqlstate("23505").sqlstate()), "23505");
    EXPECT_EQ(error{errc::conflict}.sqlstate(), "");
}

TEST(result, fails_with_a_code_or_with_a_text) {
    const auto one = []() -> result<int> { return fail(errc::closed); };
    const auto two = []() -> result<int> { return fail(errc::closed, "shut"); };
    EXPECT_EQ(one().error(), errc::closed);
    EXPECT_EQ(two().error().text(), "shut");
}

}  // namespace
}  // namespace weir::inline v0
