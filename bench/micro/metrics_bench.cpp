// What one addition, one observation and one scrape cost.
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>

#include <benchmark/benchmark.h>

#include "weir/metrics/registry.hpp"
#include "weir/metrics/text.hpp"

namespace {

using weir::metrics::registry;

void counter_add_on_a_loop(benchmark::State& state) {
    registry metrics{2};
    const auto cell = metrics.counter("requests_total", "Requests.").at(0);
    for ([[maybe_unused]] auto _ : state) {
        cell.add();
        benchmark::ClobberMemory();
    }
}
BENCHMARK(counter_add_on_a_loop);

void counter_add_from_elsewhere(benchmark::State& state) {
    registry metrics{2};
    const auto counter = metrics.counter("requests_total", "Requests.");
    for ([[maybe_unused]] auto _ : state) {
        counter.add();
        benchmark::ClobberMemory();
    }
}
BENCHMARK(counter_add_from_elsewhere);

void histogram_observe_on_a_loop(benchmark::State& state) {
    registry metrics{2};
    const auto cell = metrics.histogram("took_seconds", "Time.").at(0);
    // Spread over all buckets and in no order, so that no branch can be predicted.
    std::mt19937 random{1};
    std::uniform_real_distribution<double> exponent{4, 11};
    std::array<weir::duration, 4096> durations;
    for (auto& each : durations)
        each = weir::duration{static_cast<std::int64_t>(std::pow(10, exponent(random)))};
    std::size_t at = 0;
    for ([[maybe_unused]] auto _ : state) {
        cell.observe(durations[at++ % durations.size()]);
        benchmark::ClobberMemory();
    }
}
BENCHMARK(histogram_observe_on_a_loop);

void look_up_a_series(benchmark::State& state) {
    registry metrics{2};
    const auto requests =
        metrics.counter_family("requests_total", "Requests.", {"endpoint", "status"});
    for ([[maybe_unused]] auto _ : state)
        benchmark::DoNotOptimize(requests.with({"vendor", "200"}));
}
BENCHMARK(look_up_a_series);

void scrape_100_histograms(benchmark::State& state) {
    registry metrics{2};
    const auto took = metrics.histogram_family("took_seconds", "Time.", {"endpoint"});
    for (int i = 0; i < 100; ++i) took.with({std::to_string(i)}).observe(std::chrono::seconds{1});
    std::string text;
    for ([[maybe_unused]] auto _ : state) {
        text.clear();
        write_text(metrics, text);
        benchmark::DoNotOptimize(text.data());
    }
}
BENCHMARK(scrape_100_histograms);

}  // namespace
