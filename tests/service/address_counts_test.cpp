#include "service/address_counts.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace weir::inline v0 {
namespace {

io::endpoint peer(std::string_view text) { return io::endpoint::parse(text).value(); }

TEST(address_counts, refuses_who_has_as_many_as_it_may_whatever_the_port) {
    address_counts counts{2};
    const auto first = counts.try_acquire(peer("192.0.2.1:1"));
    auto second = counts.try_acquire(peer("192.0.2.1:2"));
    EXPECT_TRUE(first && second);
    EXPECT_FALSE(counts.try_acquire(peer("192.0.2.1:3")));
    EXPECT_TRUE(counts.try_acquire(peer("192.0.2.2:3")));
    second.reset();
    EXPECT_TRUE(counts.try_acquire(peer("192.0.2.1:3")));
}

TEST(address_counts, takes_a_network_of_64_bits_for_one_address) {
    address_counts counts{1};
    const auto held = counts.try_acquire(peer("[2001:db8:0:1::1]:1"));
    EXPECT_FALSE(counts.try_acquire(peer("[2001:db8:0:1:ffff::2]:1")));
    EXPECT_TRUE(counts.try_acquire(peer("[2001:db8:0:2::1]:1")));
}

TEST(address_counts, tells_the_families_apart) {
    address_counts counts{1};
    const auto held = counts.try_acquire(peer("1.2.3.4:1"));
    EXPECT_TRUE(counts.try_acquire(peer("[102:304::]:1")));
}

TEST(address_counts, knows_no_limit_for_unix_sockets_nor_without_one) {
    address_counts one{1}, none{0};
    std::vector<std::optional<address_counts::permit>> held;
    for (int i = 0; i < 3; ++i) {
        held.push_back(one.try_acquire(io::endpoint::unix_path("/run/x")));
        held.push_back(none.try_acquire(peer("192.0.2.1:1")));
    }
    for (const auto& each : held) EXPECT_TRUE(each.has_value());
}

TEST(address_counts, counts_a_permit_once_wherever_it_goes) {
    address_counts counts{1};
    auto held = counts.try_acquire(peer("192.0.2.1:1"));
    {
        const address_counts::permit moved{std::move(*held)};
        held.reset();
        EXPECT_FALSE(counts.try_acquire(peer("192.0.2.1:1")));
    }
    EXPECT_TRUE(counts.try_acquire(peer("192.0.2.1:1")));
}

}  // namespace
}  // namespace weir::inline v0
