// A million generated inputs, right and wrong, on which the machine and the plain reader agree: the
// same requests, the same bodies, the same end, however the bytes were cut.
#include "http/differential/differential.hpp"

#include <cstdint>
#include <iostream>

#include <gtest/gtest.h>

namespace weir::inline v0::http {
namespace {

// Four parts, since ctest runs suites next to each other.
constexpr std::uint64_t a_million = 1'000'000;
constexpr std::uint64_t cases_of_a_part = WEIR_DIFFERENTIAL_CASES / 4;

class the_machine_and_the_plain_reader : public testing::TestWithParam<std::uint64_t> {};

TEST_P(the_machine_and_the_plain_reader, agree) {
    differential_counts counts;
    const std::uint64_t first = GetParam() * cases_of_a_part;
    for (std::uint64_t seed = first; seed < first + cases_of_a_part; ++seed)
        ASSERT_EQ(run_case(seed, counts), "");
    std::cout << counts.summary();
    if (cases_of_a_part < a_million / 4) std::cout << "Fewer than a million: a slow build.\n";
    EXPECT_EQ(counts.missing(), "");
}

TEST(the_machine_and_the_reader, agree_at_every_split_of_one_input_in_five_hundred) {
    for (std::uint64_t seed = 0; seed < WEIR_DIFFERENTIAL_CASES; seed += 500)
        ASSERT_EQ(run_splits(seed), "");
}

INSTANTIATE_TEST_SUITE_P(part_1, the_machine_and_the_plain_reader, testing::Values(0));
INSTANTIATE_TEST_SUITE_P(part_2, the_machine_and_the_plain_reader, testing::Values(1));
INSTANTIATE_TEST_SUITE_P(part_3, the_machine_and_the_plain_reader, testing::Values(2));
INSTANTIATE_TEST_SUITE_P(part_4, the_machine_and_the_plain_reader, testing::Values(3));

}  // namespace
}  // namespace weir::inline v0::http
