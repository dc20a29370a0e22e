// What a registry knows about one family. Used under the registry's lock; what a snapshot or a
// handle points to (name, help, label names, bounds, series) does not change once it is registered.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/metrics/bucket_layout.hpp"
#include "weir/metrics/registry.hpp"

namespace weir::inline v0::metrics::detail {

// One series: cells, or a function that computes its value.
struct member {
    family_data* owner = nullptr;
    std::shared_ptr<const label_values> labels;
    detail::series series;
    callback compute;
};

// Orders series by label values, and finds one without making strings.
struct by_labels {
    using is_transparent = void;
    using key = std::shared_ptr<const label_values>;
    using values = std::span<const std::string_view>;

    template <class Left, class Right>
    bool operator()(const Left& left, const Right& right) const {
        return std::ranges::lexicographical_compare(list(left), list(right), less);
    }

private:
    static bool less(std::string_view left, std::string_view right) { return left < right; }
    static const label_values& list(const key& labels) { return *labels; }
    static values list(values labels) { return labels; }
};

struct family_data {
    family_data(std::string_view family_name, std::string_view family_help, metrics::kind what)
        : name{family_name}, help{family_help}, kind{what} {}

    std::string name;
    std::string help;
    metrics::kind kind;
    bool computed = false;  // its members have a function instead of cells
    label_values label_names;
    std::unique_ptr<const bucket_layout> layout;
    std::size_t max_series = default_max_series;
    std::map<by_labels::key, std::unique_ptr<member>, by_labels> members;
};

// The value of a label that stands for all that have no series of their own.
inline constexpr std::string_view other_value = "other";

// Errors: throw std::invalid_argument.
void check_family(const family_data& family);
void check_number(const family_data& family, std::span<const std::string_view> values);
void check_values(const family_data& family, std::span<const std::string_view> values);
bool all_utf8(std::span<const std::string_view> values) noexcept;
// What is not UTF-8 becomes other_value.
std::vector<std::string_view> readable(std::span<const std::string_view> values);
// Whether registering the one finds the other.
bool same_family(const family_data& left, const family_data& right) noexcept;
// The names of its lines in the text format; no two families may share one.
std::vector<std::string> sample_names(const family_data& family);

family_snapshot take(const family_data& family);

}  // namespace weir::inline v0::metrics::detail
