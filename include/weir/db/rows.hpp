// The answer to one query, complete and in memory: rows of values under named columns.
//
//     for (auto row : rows) use(row[0].as_text(), row["name"].as_text());
//
// It owns its memory and outlives the session it came from; texts are views into it. When it dies
// its memory goes back to the database, from any thread.
#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/db/row_data.hpp"
#include "weir/db/value.hpp"

namespace weir::inline v0::db {

class row_recycler;

class WEIR_API row {
public:
    row(const row_data& data, std::size_t index) noexcept : data_{&data}, index_{index} {}

    std::size_t size() const noexcept { return data_->columns(); }
    // Throws std::out_of_range where there is no such column.
    value operator[](std::size_t column) const { return data_->cell_at(index_, checked(column)); }
    // The first column of that name.
    value operator[](std::string_view name) const;

private:
    std::size_t checked(std::size_t column) const {
        if (column >= data_->columns()) refuse();
        return column;
    }
    [[noreturn]] static void refuse();

    const row_data* data_;
    std::size_t index_;
};

class WEIR_API rows {
public:
    class iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = row;
        using difference_type = std::ptrdiff_t;
        using pointer = void;
        using reference = row;

        iterator(const row_data& data, std::size_t index) noexcept : data_{&data}, index_{index} {}
        row operator*() const noexcept { return {*data_, index_}; }
        iterator& operator++() noexcept {
            ++index_;
            return *this;
        }
        iterator operator++(int) noexcept {
            iterator before = *this;
            ++index_;
            return before;
        }
        friend bool operator==(const iterator& left, const iterator& right) noexcept {
            return left.index_ == right.index_;
        }

    private:
        const row_data* data_;
        std::size_t index_;
    };

    struct give_back {
        void operator()(row_data* data) const noexcept;
        std::shared_ptr<row_recycler> to;
    };
    using owner = std::unique_ptr<row_data, give_back>;

    // For a driver; data is not null.
    explicit rows(owner data) noexcept : data_{std::move(data)} {}

    std::size_t size() const noexcept { return data_->rows(); }
    bool empty() const noexcept { return size() == 0; }
    iterator begin() const noexcept { return {*data_, 0}; }
    iterator end() const noexcept { return {*data_, size()}; }
    // Throws std::out_of_range where there is no such row.
    row operator[](std::size_t index) const;

    std::size_t columns() const noexcept { return data_->columns(); }
    std::string_view column_name(std::size_t column) const;
    // A limit of query_options left rows out.
    bool truncated() const noexcept { return data_->truncated(); }

    // Of a write: how many rows it inserted, updated or deleted, and the row id of the last one
    // that this connection inserted.
    std::int64_t changes() const noexcept { return data_->changes(); }
    std::int64_t last_insert_id() const noexcept { return data_->last_insert_id(); }

private:
    owner data_;
};

}  // namespace weir::inline v0::db
