#include "app/load/load_report.hpp"

#include <iterator>

#include <fmt/format.h>

#include "weir/io/block_writer.hpp"
#include "weir/json/writer.hpp"

#include "app/load/units_text.hpp"

namespace weir::app {
namespace {

double us(duration time) noexcept { return static_cast<double>(time.count()) / 1000; }
class object_writer {
public:
    explicit object_writer(json::writer& out) : out_{&out} { out.begin_object(); }
    void end() { out_->end_object(); }

    object_writer member(std::string_view name) {
        (void)out_->name(name);
        return object_writer{*out_};
    }
    void number(std::string_view name, double value) {
        (void)out_->name(name);
        out_->number(value);
    }
    void integer(std::string_view name, std::uint64_t value) {
        (void)out_->name(name);
        out_->integer(static_cast<std::int64_t>(value));
    }
    void text(std::string_view name, std::string_view value) {
        (void)out_->name(name);
        if (!out_->string(value)) out_->null();
    }

private:
    json::writer* out_;
};

void write_latency(object_writer to, const latency_histogram& times) {
    to.number("mean", us(times.mean()));
    to.number("p50", us(times.percentile(50)));
    to.number("p90", us(times.percentile(90)));
    to.number("p99", us(times.percentile(99)));
    to.number("p99_9", us(times.percentile(99.9)));
    to.number("max", us(times.largest()));
    to.end();
}

void write_errors(object_writer to, const tally& counted) {
    to.integer("total", counted.errors());
    for (std::size_t at = 0; at < failure_kinds; ++at) {
        const auto which = static_cast<failure>(at);
        to.integer(to_string(which), counted.failures(which));
    }
    to.integer("unsent", counted.unsent());
    for (const auto& [what, times] : counted.refusals()) to.integer(what, times);
    to.end();
}

void write_cpu(object_writer to, const load_report& of) {
    to.number("user_s", seconds(of.used.user));
    to.number("system_s", seconds(of.used.system));
    to.number("us_per_answer", of.cpu_us_per_answer());
    to.end();
}

void write_report(object_writer to, const load_report& of) {
    to.text("title", of.title);
    to.text("loop", of.options.rate > 0 ? "open" : "closed");
    to.integer("connections", of.options.connections);
    to.integer("depth", of.options.depth);
    if (of.options.rate > 0) to.number("rate_wanted", of.options.rate);
    to.number("seconds", seconds(of.measured));
    to.integer("answers", of.counted.answers());
    to.number("rate", of.rate());
    to.integer("bytes", of.counted.bytes());
    write_latency(to.member("latency_us"), of.counted.latencies());
    write_errors(to.member("errors"), of.counted);
    write_cpu(to.member("cpu"), of);
    to.end();
}

std::string latency_line(const latency_histogram& times) {
    return fmt::format("p50 {}  p90 {}  p99 {}  p99.9 {}  max {}  mean {}",
                       short_text(times.percentile(50)), short_text(times.percentile(90)),
                       short_text(times.percentile(99)), short_text(times.percentile(99.9)),
                       short_text(times.largest()), short_text(times.mean()));
}

std::string error_line(const tally& counted) {
    if (counted.errors() == 0) return "none";
    std::string line;
    const auto add = [&line](std::string_view what, std::uint64_t times) {
        if (times == 0) return;
        fmt::format_to(std::back_inserter(line), "{}{} {}", line.empty() ? "" : ", ", what, times);
    };
    for (std::size_t at = 0; at < failure_kinds; ++at) {
        const auto which = static_cast<failure>(at);
        add(to_string(which), counted.failures(which));
    }
    add("unsent", counted.unsent());
    for (const auto& [what, times] : counted.refusals()) add(what, times);
    return line;
}

}  // namespace

double load_report::rate() const noexcept {
    return measured.count() > 0 ? static_cast<double>(counted.answers()) / seconds(measured) : 0;
}

double load_report::cpu_us_per_answer() const noexcept {
    return counted.answers() > 0 ? us(used.total()) / static_cast<double>(counted.answers()) : 0;
}

std::string load_report::text() const {
    const double rate_now = rate();
    const double bytes_now =
        measured.count() > 0 ? static_cast<double>(counted.bytes()) / seconds(measured) : 0;
    std::string told = fmt::format("{}\n", title);
    const auto to = std::back_inserter(told);
    if (options.rate > 0)
        fmt::format_to(to, "  load     {:.0f} a second, ", options.rate);
    else
        fmt::format_to(to, "  load     closed loop, ");
    fmt::format_to(to, "{} connections, {} in flight each, {:.1f} s\n", options.connections,
                   options.depth, seconds(measured));
    fmt::format_to(to, "  answers  {}, {:.0f} a second, {:.1f} MiB/s\n", counted.answers(),
                   rate_now, bytes_now / (1024 * 1024));
    fmt::format_to(to, "  latency  {}\n", latency_line(counted.latencies()));
    fmt::format_to(to, "  errors   {}\n", error_line(counted));
    fmt::format_to(to, "  cpu      {:.2f} s user, {:.2f} s system, {:.2f} µs an answer\n",
                   seconds(used.user), seconds(used.system), cpu_us_per_answer());
    return told;
}

std::string load_report::json() const {
    io::block_pool blocks;
    io::block_writer bytes{blocks};
    json::writer out{bytes};
    write_report(object_writer{out}, *this);
    std::string text;
    auto parts = bytes.all_parts();
    while (const auto part = parts.next()) text += as_text(*part);
    return text + '\n';
}

}  // namespace weir::app
