#include "family_data.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "weir/base/utf8.hpp"

namespace weir::inline v0::metrics {

std::string_view to_string(kind which) noexcept {
    switch (which) {
        case kind::counter:
            return "counter";
        case kind::gauge:
            return "gauge";
        case kind::histogram:
            return "histogram";
    }
    return "untyped";
}

namespace detail {

namespace {

[[noreturn]] void reject(const family_data& family, std::string_view why) {
    throw std::invalid_argument{"metric " + family.name + ": " + std::string{why}};
}

sample take(const member& from) {
    const family_data& family = *from.owner;
    sample taken;
    taken.labels = from.labels;
    switch (family.kind) {
        case kind::counter:
            taken.value = static_cast<double>(from.series.sum(0));
            break;
        case kind::gauge:
            taken.value = static_cast<double>(static_cast<std::int64_t>(from.series.sum(0)));
            break;
        case kind::histogram:
            taken.value = static_cast<double>(from.series.sum(0)) / std::nano::den;
            taken.buckets.resize(family.layout->buckets());
            for (std::size_t i = 0; i < taken.buckets.size(); ++i)
                taken.buckets[i] = from.series.sum(1 + i);
            break;
    }
    return taken;
}

}  // namespace

void check_family(const family_data& family) {
    if (!valid_metric_name(family.name)) reject(family, "not a metric name");
    if (!is_utf8(family.help)) reject(family, "its help is not UTF-8");
    if (family.max_series == 0) reject(family, "it must be allowed a series");
    for (auto at = family.label_names.begin(); at != family.label_names.end(); ++at) {
        if (!valid_label_name(*at)) reject(family, "not a label name: " + *at);
        if (family.kind == kind::histogram && *at == "le")
            reject(family, "a histogram writes the label le itself");
        if (std::find(family.label_names.begin(), at, *at) != at)
            reject(family, "a label twice: " + *at);
    }
}

void check_number(const family_data& family, std::span<const std::string_view> values) {
    if (values.size() != family.label_names.size())
        reject(family, "as many label values as label names are needed");
}

void check_values(const family_data& family, std::span<const std::string_view> values) {
    check_number(family, values);
    if (!all_utf8(values)) reject(family, "a label value is not UTF-8");
}

bool all_utf8(std::span<const std::string_view> values) noexcept {
    return std::ranges::all_of(values, is_utf8);
}

std::vector<std::string_view> readable(std::span<const std::string_view> values) {
    std::vector<std::string_view> made(values.begin(), values.end());
    for (std::string_view& value : made)
        if (!is_utf8(value)) value = other_value;
    return made;
}

bool same_family(const family_data& left, const family_data& right) noexcept {
    if (left.kind != right.kind || left.computed != right.computed) return false;
    if (left.label_names != right.label_names) return false;
    return left.layout == nullptr ||
           std::ranges::equal(left.layout->bounds(), right.layout->bounds());
}

std::vector<std::string> sample_names(const family_data& family) {
    std::vector<std::string> names{family.name};
    if (family.kind == kind::histogram)
        for (const char* suffix : {"_bucket", "_sum", "_count"})
            names.push_back(family.name + suffix);
    return names;
}

family_snapshot take(const family_data& family) {
    family_snapshot taken;
    taken.name = family.name;
    taken.help = family.help;
    taken.kind = family.kind;
    taken.label_names = family.label_names;
    if (family.layout) taken.bounds = family.layout->bounds();
    taken.samples.reserve(family.members.size());
    for (const auto& [labels, member] : family.members) {
        if (family.computed)
            taken.samples.push_back({labels, member->compute(), {}});
        else
            taken.samples.push_back(take(*member));
    }
    return taken;
}

}  // namespace detail
}  // namespace weir::inline v0::metrics
