#include "weir/metrics/registry.hpp"

#include <map>
#include <set>
#include <stdexcept>
#include <string>

#include "weir/base/mutex.hpp"

#include "cell_arena.hpp"
#include "family_data.hpp"

namespace weir::inline v0::metrics {

using detail::family_data;
using detail::member;

struct registry::state {
    explicit state(unsigned shard_count) : shards{shard_count}, arenas(shards + std::size_t{1}) {}

    family_data& find_or_add(family_data&& wanted) WEIR_REQUIRES(lock);
    // The series with these values, or the one that stands for all over the limit.
    member& find_or_add(family_data& family, std::span<const std::string_view> values)
        WEIR_REQUIRES(lock);
    member& add(family_data& family, std::span<const std::string_view> values) WEIR_REQUIRES(lock);
    member& over_limit(family_data& family) WEIR_REQUIRES(lock);

    const unsigned shards;
    mutable mutex lock;
    std::vector<cell_arena> arenas WEIR_GUARDED_BY(lock);
    std::map<std::string, family_data, std::less<>> families WEIR_GUARDED_BY(lock);
    // Every name that a line of the text format may start with.
    std::set<std::string, std::less<>> taken_names WEIR_GUARDED_BY(lock);
    family_data* refusals WEIR_GUARDED_BY(lock) = nullptr;
};

namespace {

family_data describe(std::string_view name, std::string_view help, kind what) {
    return {name, help, what};
}

family_data&& with_labels(family_data&& family, registry::names labels, std::size_t max_series) {
    family.label_names.assign(labels.begin(), labels.end());
    family.max_series = max_series;
    return std::move(family);
}

std::vector<std::string_view> values_of(std::initializer_list<label> labels) {
    std::vector<std::string_view> values;
    for (const label& each : labels) values.push_back(each.value);
    return values;
}

}  // namespace

family_data& registry::state::find_or_add(family_data&& wanted) {
    detail::check_family(wanted);
    const auto found = families.find(wanted.name);
    if (found != families.end()) {
        if (detail::same_family(found->second, wanted)) return found->second;
        throw std::invalid_argument{"metric " + wanted.name + ": already stands for another"};
    }
    const std::vector<std::string> names = detail::sample_names(wanted);
    for (const std::string& name : names)
        if (taken_names.contains(name))
            throw std::invalid_argument{"metric " + wanted.name + ": " + name + " is taken"};
    taken_names.insert(names.begin(), names.end());
    std::string key = wanted.name;
    return families.emplace(std::move(key), std::move(wanted)).first->second;
}

member& registry::state::find_or_add(family_data& family,
                                     std::span<const std::string_view> values) {
    const auto found = family.members.find(values);
    if (found != family.members.end()) return *found->second;
    return family.members.size() < family.max_series ? add(family, values) : over_limit(family);
}

member& registry::state::add(family_data& family, std::span<const std::string_view> values) {
    auto labels = std::make_shared<const label_values>(values.begin(), values.end());
    auto made = std::make_unique<member>();
    made->owner = &family;
    made->labels = labels;
    if (!family.computed) {
        const std::size_t cells = family.layout ? 1 + family.layout->buckets() : 1;
        made->series.layout = family.layout.get();
        for (cell_arena& arena : arenas) made->series.blocks.push_back(arena.take(cells));
    }
    return *family.members.emplace(std::move(labels), std::move(made)).first->second;
}

member& registry::state::over_limit(family_data& family) {
    const std::string_view name = family.name;
    const std::vector<std::string_view> other(family.label_names.size(), detail::other_value);
    const auto found = family.members.find(other);
    member& stand_in = found != family.members.end() ? *found->second : add(family, other);
    detail::add_shared(*find_or_add(*refusals, {&name, 1}).series.shared(), 1);
    return stand_in;
}

registry::registry(unsigned shards) : state_{std::make_unique<state>(shards)} {
    const lock_guard held{state_->lock};
    family_data refusals =
        describe("weir_metrics_series_over_limit_total",
                 "Lookups of a series that its family had no room for.", kind::counter);
    state_->refusals = &state_->find_or_add(
        with_labels(std::move(refusals), {"metric"}, static_cast<std::size_t>(-1)));
}

registry::~registry() = default;

unsigned registry::shards() const noexcept { return state_->shards; }

family<counter> registry::counter_family(std::string_view name, std::string_view help, names labels,
                                         std::size_t max_series) {
    family_data wanted = describe(name, help, kind::counter);
    const lock_guard held{state_->lock};
    return {*this, state_->find_or_add(with_labels(std::move(wanted), labels, max_series))};
}

family<gauge> registry::gauge_family(std::string_view name, std::string_view help, names labels,
                                     std::size_t max_series) {
    family_data wanted = describe(name, help, kind::gauge);
    const lock_guard held{state_->lock};
    return {*this, state_->find_or_add(with_labels(std::move(wanted), labels, max_series))};
}

family<histogram> registry::histogram_family(std::string_view name, std::string_view help,
                                             names labels, histogram_options options) {
    family_data wanted = describe(name, help, kind::histogram);
    wanted.layout = std::make_unique<const bucket_layout>(std::move(options.bounds));
    const lock_guard held{state_->lock};
    return {*this, state_->find_or_add(with_labels(std::move(wanted), labels, options.max_series))};
}

counter registry::counter(std::string_view name, std::string_view help) {
    return counter_family(name, help, {}).with({});
}

gauge registry::gauge(std::string_view name, std::string_view help) {
    return gauge_family(name, help, {}).with({});
}

histogram registry::histogram(std::string_view name, std::string_view help,
                              histogram_options options) {
    return histogram_family(name, help, {}, std::move(options)).with({});
}

callback_registration registry::counter_callback(std::string_view name, std::string_view help,
                                                 std::initializer_list<label> labels,
                                                 callback compute) {
    return add_callback(describe(name, help, kind::counter), labels, std::move(compute));
}

callback_registration registry::gauge_callback(std::string_view name, std::string_view help,
                                               std::initializer_list<label> labels,
                                               callback compute) {
    return add_callback(describe(name, help, kind::gauge), labels, std::move(compute));
}

callback_registration registry::add_callback(family_data&& wanted,
                                             std::initializer_list<label> labels,
                                             callback compute) {
    if (!compute) throw std::invalid_argument{"metric " + wanted.name + ": no function given"};
    wanted.computed = true;
    for (const label& each : labels) wanted.label_names.emplace_back(each.name);
    const std::vector<std::string_view> values = values_of(labels);
    detail::check_values(wanted, values);

    const lock_guard held{state_->lock};
    family_data& family = state_->find_or_add(std::move(wanted));
    if (family.members.contains(std::span{values}))
        throw std::invalid_argument{"metric " + family.name + ": this series is computed already"};
    if (family.members.size() >= family.max_series)
        throw std::invalid_argument{"metric " + family.name + ": too many series"};
    member& computed = state_->add(family, values);
    computed.compute = std::move(compute);
    return {*this, computed};
}

void registry::remove_callback(member& computed) noexcept {
    decltype(family_data::members)::node_type removed;  // destroyed outside the lock
    const lock_guard held{state_->lock};
    removed = computed.owner->members.extract(computed.labels);
}

snapshot registry::collect() const {
    snapshot taken;
    const lock_guard held{state_->lock};
    taken.reserve(state_->families.size());
    for (const auto& [name, family] : state_->families) taken.push_back(detail::take(family));
    return taken;
}

const detail::series& find_or_add(registry& owner, detail::family_data& family,
                                  std::span<const std::string_view> values) {
    detail::check_number(family, values);
    std::vector<std::string_view> shown;
    if (!detail::all_utf8(values)) {  // a peer may have sent them
        shown = detail::readable(values);
        values = shown;
    }
    const lock_guard held{owner.state_->lock};
    return owner.state_->find_or_add(family, values).series;
}

callback_registration& callback_registration::operator=(callback_registration&& other) noexcept {
    if (this == &other) return *this;
    reset();
    owner_ = std::exchange(other.owner_, nullptr);
    computed_ = other.computed_;
    return *this;
}

void callback_registration::reset() noexcept {
    if (registry* owner = std::exchange(owner_, nullptr)) owner->remove_callback(*computed_);
}

}  // namespace weir::inline v0::metrics
