// Prometheus's own checker reads what we write.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "weir/metrics/registry.hpp"
#include "weir/metrics/text.hpp"

#include "support/scratch_folder.hpp"

namespace weir::inline v0::metrics {
namespace {

using namespace std::chrono_literals;

class promtool : public testing::Test {
protected:
    void SetUp() override {
        if (std::system("command -v promtool >/dev/null 2>&1") != 0)
            GTEST_SKIP() << "promtool is not installed (Debian package prometheus)";
    }

    // What promtool finds, "" where that is nothing.
    std::string findings(const std::string& text) const {
        std::ofstream{input_} << text;
        const std::string command =
            "promtool check metrics <'" + input_ + "' >'" + output_ + "' 2>&1";
        const int status = std::system(command.c_str());
        std::ostringstream found;
        found << std::ifstream{output_}.rdbuf();
        if (status != 0) found << "(exit status is not 0)";
        return found.str();
    }

private:
    const test::scratch_folder folder_;
    const std::string input_ = folder_.file("in"), output_ = folder_.file("out");
};

TEST_F(promtool, finds_nothing_in_what_a_registry_writes) {
    registry metrics{2};
    const auto requests = metrics.counter_family("weir_http_requests_total", "Requests answered.",
                                                 {"endpoint", "status"}, 3);
    for (const char* status : {"200", "404", "500", "503", "400"})
        requests.with({"a \"quoted\" \\ endpoint\n\xC3\xA9", status}).at(0).add(1'000'000'007);
    requests.with({"\xFF is no endpoint", "200"}).add();
    metrics.gauge("weir_connections_open", "Connections that are open.").sub(5);
    const auto took =
        metrics.histogram_family("weir_http_request_duration_seconds",
                                 "Time from the first byte \\ to the last.\nReally.", {"endpoint"});
    for (duration each = 1us; each < 200s; each *= 3) took.with({"vendor"}).at(1).observe(each);
    const auto build = metrics.gauge_callback("weir_build_info", "What is running.",
                                              {{"version", "0.1"}}, [] { return 1.0; });
    const auto cpu = metrics.counter_callback("weir_cpu_seconds_total", "Time on the processor.",
                                              {}, [] { return 0.000001; });
    std::string text;
    write_text(metrics, text);
    EXPECT_EQ(findings(text), "") << text;
}

TEST_F(promtool, is_asked_in_a_way_that_can_find_something) {
    EXPECT_NE(findings("no metric at all\n"), "");
    EXPECT_NE(findings("a_total{le=\"1\"} x\n"), "");
}

}  // namespace
}  // namespace weir::inline v0::metrics
