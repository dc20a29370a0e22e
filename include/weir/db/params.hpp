// The parameters of one query, by name: a small table in place, no allocation.
//
//     session.query("select ... where prefix = :prefix", db::params{{"prefix", text}})
//
// Names and values are views; see value.hpp for how long they must live.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/db/value.hpp"

namespace weir::inline v0::db {

class param {
public:
    param() noexcept = default;
    // name without its colon.
    param(std::string_view name, db::value value) noexcept : name_{name}, value_{value} {}

    std::string_view name() const noexcept { return name_; }
    const db::value& value() const noexcept { return value_; }

private:
    std::string_view name_;
    db::value value_;
};

class WEIR_API params {
public:
    static constexpr std::size_t capacity = 32;

    params() noexcept {}
    // Up to four at once (an initializer list inside co_await does not compile in GCC 12); more
    // with add().
    params(param first,  // NOLINT(google-explicit-constructor): {{"name", value}}
           param second = {}, param third = {}, param fourth = {});
    params(const params& other) noexcept { copy(other); }
    params& operator=(const params& other) noexcept {
        copy(other);
        return *this;
    }

    // Throws std::length_error beyond capacity, std::invalid_argument for a name that is there.
    params& add(std::string_view name, db::value value);

    std::size_t size() const noexcept { return size_; }
    std::span<const param> items() const noexcept { return {slots_.items, size_}; }
    // Of all texts and blobs.
    std::size_t bytes() const noexcept;
    // Null where there is none of that name.
    const db::value* find(std::string_view name) const noexcept;

private:
    void add_if_named(const param& item);
    // What is unused is neither initialised nor copied: 32 values are more than most queries.
    void copy(const params& other) noexcept;

    union storage {
        storage() noexcept {}
        param items[capacity];
    } slots_;
    std::size_t size_ = 0;
};

}  // namespace weir::inline v0::db
