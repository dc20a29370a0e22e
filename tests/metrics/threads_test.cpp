// Loops write their own shards, other threads share one, and somebody scrapes meanwhile. Run under
// TSan, this is the proof that the cells need no lock.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "weir/metrics/registry.hpp"
#include "weir/metrics/text.hpp"

namespace weir::inline v0::metrics {
namespace {

using namespace std::chrono_literals;

constexpr unsigned loops = 3;
constexpr unsigned others = 2;
constexpr std::uint64_t rounds = 20'000;

struct handles {
    explicit handles(registry& metrics)
        : requests{metrics.counter("requests_total", "Requests.")},
          open{metrics.gauge("connections_open", "Connections.")},
          took{metrics.histogram("took_seconds", "Time.")} {}

    counter requests;
    gauge open;
    histogram took;
};

void write_as_loop(const handles& shared, unsigned shard) {
    const counter_cell requests = shared.requests.at(shard);
    const gauge_cell open = shared.open.at(shard);
    const histogram_cell took = shared.took.at(shard);
    for (std::uint64_t i = 0; i < rounds; ++i) {
        requests.add();
        open.add(2);
        open.sub();
        took.observe(1ms);
    }
}

void write_from_elsewhere(const handles& shared) {
    for (std::uint64_t i = 0; i < rounds; ++i) {
        shared.requests.add();
        shared.open.add(2);
        shared.open.sub();
        shared.took.observe(1ms);
    }
}

double value_of(const snapshot& families, std::string_view name) {
    for (const family_snapshot& each : families)
        if (each.name == name) return each.samples.at(0).value;
    return -1;
}

TEST(metrics_threads, lose_nothing_while_a_scrape_reads) {
    registry metrics{loops};
    const handles shared{metrics};
    std::atomic<unsigned> writing = loops + others;
    std::vector<std::jthread> threads;
    const auto start = [&](auto write) {
        threads.emplace_back([&writing, write] {
            write();
            --writing;
        });
    };
    for (unsigned shard = 0; shard < loops; ++shard)
        start([&shared, shard] { write_as_loop(shared, shard); });
    for (unsigned i = 0; i < others; ++i) start([&shared] { write_from_elsewhere(shared); });

    double seen = 0;
    while (writing > 0) {
        const double now = value_of(metrics.collect(), "requests_total");
        EXPECT_GE(now, seen) << "a counter went back";
        seen = now;
    }
    threads.clear();
    constexpr std::uint64_t all = rounds * (loops + others);
    EXPECT_EQ(shared.requests.value(), all);
    EXPECT_EQ(shared.open.value(), static_cast<std::int64_t>(all));
    EXPECT_EQ(shared.took.count(), all);
    EXPECT_EQ(shared.took.sum(), all * duration{1ms});
}

TEST(metrics_threads, that_are_no_loops_share_a_cell_and_lose_nothing) {
    // Enough that both run at the same time for a while wherever there are two processors.
    constexpr std::uint64_t many = 1'000'000;
    registry metrics{loops};
    const counter requests = metrics.counter("requests_total", "Requests.");
    std::latch together{others};
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < others; ++i) {
        threads.emplace_back([&requests, &together] {
            together.arrive_and_wait();
            for (std::uint64_t each = 0; each < many; ++each) requests.add();
        });
    }
    threads.clear();
    EXPECT_EQ(requests.value(), many * others);
}

TEST(metrics_threads, may_register_and_look_up_while_a_scrape_reads) {
    registry metrics{loops};
    std::atomic<unsigned> writing = loops;
    std::vector<std::jthread> threads;
    for (unsigned shard = 0; shard < loops; ++shard) {
        threads.emplace_back([&metrics, &writing, shard] {
            for (int i = 0; i < 300; ++i) {
                const std::string value = std::to_string(i);
                const auto family = metrics.counter_family("requests_total", "Requests.", {"a"});
                family.with({value}).at(shard).add();
                const auto computed = metrics.gauge_callback(
                    "loop_round", "Round.", {{"loop", std::to_string(shard)}}, [i] { return i; });
            }
            --writing;
        });
    }
    std::string text;
    while (writing > 0) {
        text.clear();
        write_text(metrics, text);
    }
    threads.clear();
    double total = 0;
    for (const family_snapshot& each : metrics.collect())
        if (each.name == "requests_total")
            for (const sample& series : each.samples) total += series.value;
    EXPECT_EQ(total, 300.0 * loops);
}

}  // namespace
}  // namespace weir::inline v0::metrics
