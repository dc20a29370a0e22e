// What holds for any bytes holds for the seeds, and for what fuzzers have found: an ordinary test
// of the builds that have a sanitizer.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "fuzz/targets.hpp"

namespace weir::fuzz {
namespace {

namespace fs = std::filesystem;

const fs::path seeds = fs::path{WEIR_SOURCE_DIR} / "fuzz" / "seeds";

std::string content_of(const fs::path& file) {
    std::ifstream opened{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{opened}, std::istreambuf_iterator<char>{}};
}

class seed_replay : public testing::TestWithParam<target> {};

void run_all(const target& which, bytes_view input) {
    for (std::size_t variant = 0; variant < which.variants; ++variant) which.run(input, variant);
}

// Whole, and every shorter one that begins like it.
TEST_P(seed_replay, holds) {
    std::size_t count = 0;
    for (const fs::directory_entry& each : fs::directory_iterator{seeds / GetParam().name}) {
        SCOPED_TRACE(each.path());
        const std::string seed = content_of(each.path());
        run_all(GetParam(), as_bytes(seed));
        const std::size_t stride = 1 + seed.size() / 100;
        for (std::size_t size = 0; size < seed.size(); size += stride)
            run_all(GetParam(), as_bytes(seed.substr(0, size)));
        ++count;
    }
    EXPECT_GE(count, 5U);
}

INSTANTIATE_TEST_SUITE_P(each_target, seed_replay, testing::ValuesIn(targets),
                         [](const auto& of) { return std::string{of.param.name}; });

TEST(seeds, belong_to_targets) {
    for (const fs::directory_entry& each : fs::directory_iterator{seeds}) {
        const std::string name = each.path().filename();
        EXPECT_TRUE(std::ranges::any_of(targets, [&](const target& of) { return of.name == name; }))
            << name;
    }
}

}  // namespace
}  // namespace weir::fuzz
