// --compare: an earlier run's JSON, and how a later one stands against it.
#include <functional>
#include <iterator>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "weir/json/reader.hpp"

#include "app/load/load_report.hpp"
#include "app/load/units_text.hpp"

namespace weir::app {
namespace {

class number_members final : public json::visitor {
public:
    explicit number_members(std::map<std::string, double*, std::less<>> wanted)
        : wanted_{std::move(wanted)} {}

    result<> on_member(std::string_view name, const json::value& value) override {
        const auto found = wanted_.find(name);
        if (found == wanted_.end()) return {};
        if (value.is == json::value::kind::real)
            *found->second = value.real;
        else if (value.is == json::value::kind::integer)
            *found->second = static_cast<double>(value.integer);
        else
            return fail(errc::malformed);
        wanted_.erase(found);
        return {};
    }
    bool all_found() const noexcept { return wanted_.empty(); }

private:
    std::map<std::string, double*, std::less<>> wanted_;
};

struct title_member final : json::visitor {
    result<> on_member(std::string_view name, const json::value& value) override {
        if (name == "title" && value.is == json::value::kind::text) title = value.text;
        return {};
    }
    std::string title;
};

bool take(const json::reader& from, std::string_view of,
          std::map<std::string, double*, std::less<>> wanted) {
    number_members found{std::move(wanted)};
    const auto read = of.empty() ? from.each_member(found) : from.each_member_of(of, found);
    return read && found.all_found();
}

std::string ratio(double now, double before) {
    return before > 0 ? fmt::format("{:.3f}", now / before) : "-";
}

duration from_us(double us) noexcept {
    return std::chrono::duration_cast<duration>(std::chrono::duration<double, std::micro>{us});
}

}  // namespace

result<load_baseline> read_baseline(std::string_view json) {
    json::reader reader;
    if (auto parsed = reader.parse(as_bytes(json)); !parsed) return fail(std::move(parsed).error());
    load_baseline read;
    title_member title;
    const bool whole = reader.each_member(title) && take(reader, "", {{"rate", &read.rate}}) &&
                       take(reader, "cpu", {{"us_per_answer", &read.cpu_us_per_answer}}) &&
                       take(reader, "errors", {{"total", &read.errors}}) &&
                       take(reader, "latency_us",
                            {{"p50", &read.p50_us},
                             {"p90", &read.p90_us},
                             {"p99", &read.p99_us},
                             {"p99_9", &read.p99_9_us},
                             {"max", &read.max_us}});
    if (!whole) return fail(error{errc::malformed, "not what weir load --json writes"});
    read.title = std::move(title.title);
    return read;
}

std::string compare(const load_report& now, const load_baseline& before) {
    std::string told = fmt::format("against   {}\n", before.title);
    const auto to = std::back_inserter(told);
    const auto row = [&](std::string_view name, std::pair<std::string, std::string> both,
                         std::string_view times) {
        fmt::format_to(to, "  {:<14} {:>12} before {:>12}  ratio {}\n", name, both.first,
                       both.second, times);
    };
    row("rate", {fmt::format("{:.0f}/s", now.rate()), fmt::format("{:.0f}/s", before.rate)},
        ratio(now.rate(), before.rate));
    const auto latency = [&](std::string_view name, duration took, double earlier) {
        row(name, {short_text(took), short_text(from_us(earlier))},
            ratio(static_cast<double>(took.count()) / 1000, earlier));
    };
    const latency_histogram& times = now.counted.latencies();
    latency("p50", times.percentile(50), before.p50_us);
    latency("p90", times.percentile(90), before.p90_us);
    latency("p99", times.percentile(99), before.p99_us);
    latency("p99.9", times.percentile(99.9), before.p99_9_us);
    latency("max", times.largest(), before.max_us);
    row("cpu an answer",
        {fmt::format("{:.2f}us", now.cpu_us_per_answer()),
         fmt::format("{:.2f}us", before.cpu_us_per_answer)},
        ratio(now.cpu_us_per_answer(), before.cpu_us_per_answer));
    const auto errors = static_cast<double>(now.counted.errors());
    row("errors", {fmt::format("{:.0f}", errors), fmt::format("{:.0f}", before.errors)},
        ratio(errors, before.errors));
    return told;
}

}  // namespace weir::app
