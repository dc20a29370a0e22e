#include "weir/db/params.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace weir::inline v0::db {

params::params(param first, param second, param third, param fourth) {
    add_if_named(first);
    add_if_named(second);
    add_if_named(third);
    add_if_named(fourth);
}

params& params::add(std::string_view name, db::value value) {
    if (find(name) != nullptr)
        throw std::invalid_argument{"parameter '" + std::string{name} + "' is given twice"};
    if (size_ == capacity) throw std::length_error{"more parameters than a query takes"};
    std::construct_at(&slots_.items[size_], name, value);
    ++size_;
    return *this;
}

std::size_t params::bytes() const noexcept {
    std::size_t sum = 0;
    for (const param& each : items()) sum += each.value().size();
    return sum;
}

const value* params::find(std::string_view name) const noexcept {
    for (const param& each : items()) {
        if (each.name() == name) return &each.value();
    }
    return nullptr;
}

void params::add_if_named(const param& item) {
    if (!item.name().empty()) add(item.name(), item.value());
}

void params::copy(const params& other) noexcept {
    std::uninitialized_copy_n(other.slots_.items, other.size_, slots_.items);
    size_ = other.size_;
}

}  // namespace weir::inline v0::db
