#include "weir/metrics/text.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <limits>

#include "weir/metrics/registry.hpp"

namespace weir::inline v0::metrics {

namespace {

// Label values escape backslash, line feed and quote; help texts only the first two.
void append_escaped(std::string& out, std::string_view text, bool quoted) {
    for (const char c : text) {
        if (c == '\n')
            out += "\\n";
        else if (c == '\\')
            out += "\\\\";
        else if (c == '"' && quoted)
            out += "\\\"";
        else
            out += c;
    }
}

template <class Number>
void append_digits(std::string& out, Number value) {
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out.append(digits.data(), end);
}

void append_number(std::string& out, double value) {
    if (std::isnan(value))
        out += "NaN";
    else if (std::isinf(value))
        out += value > 0 ? "+Inf" : "-Inf";
    else
        append_digits(out, value);
}

void append_header(std::string& out, const family_snapshot& family) {
    out.append("# HELP ").append(family.name).append(" ");
    append_escaped(out, family.help, false);
    out.append("\n# TYPE ").append(family.name).append(" ");
    out.append(to_string(family.kind)).append("\n");
}

void append_labels(std::string& out, std::span<const std::string> names,
                   const label_values& values) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) out += ',';
        out.append(names[i]).append("=\"");
        append_escaped(out, values[i], true);
        out += '"';
    }
}

// One series of a family, as the lines that it has in the format.
class series_lines {
public:
    series_lines(std::string& out, const family_snapshot& family, const sample& sample)
        : out_{out}, family_{family}, sample_{sample} {}

    void append() {
        if (family_.kind == kind::histogram)
            append_histogram();
        else
            append_line("", sample_.value);
    }

private:
    template <class Number>
    void append_line(std::string_view suffix, Number value) {
        out_.append(family_.name).append(suffix);
        if (!family_.label_names.empty()) {
            out_ += '{';
            append_labels(out_, family_.label_names, *sample_.labels);
            out_ += '}';
        }
        end_line(value);
    }

    void append_bucket(double upper_bound, std::uint64_t count) {
        out_.append(family_.name).append("_bucket{");
        append_labels(out_, family_.label_names, *sample_.labels);
        if (!family_.label_names.empty()) out_ += ',';
        out_ += "le=\"";
        append_number(out_, upper_bound);
        out_ += "\"}";
        end_line(count);
    }

    // Buckets are cumulative in the format.
    void append_histogram() {
        std::uint64_t count = 0;
        for (std::size_t i = 0; i < family_.bounds.size(); ++i) {
            count += sample_.buckets[i];
            append_bucket(std::chrono::duration<double>{family_.bounds[i]}.count(), count);
        }
        count += sample_.buckets.back();
        append_bucket(std::numeric_limits<double>::infinity(), count);
        append_line("_sum", sample_.value);
        append_line("_count", count);
    }

    void end_line(double value) {
        out_ += ' ';
        append_number(out_, value);
        out_ += '\n';
    }
    void end_line(std::uint64_t value) {
        out_ += ' ';
        append_digits(out_, value);
        out_ += '\n';
    }

    std::string& out_;
    const family_snapshot& family_;
    const sample& sample_;
};

}  // namespace

void write_text(const registry& registry, std::string& out) { write_text(registry.collect(), out); }

void write_text(const snapshot& families, std::string& out) {
    for (const family_snapshot& family : families) {
        if (family.samples.empty()) continue;
        append_header(out, family);
        for (const sample& each : family.samples) series_lines{out, family, each}.append();
    }
}

}  // namespace weir::inline v0::metrics
