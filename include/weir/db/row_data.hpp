// How the answer to a query lies in memory: cells of a fixed size, row after row, and behind them
// the bytes of their texts and blobs. The first row of cells is the columns' names.
//
// A database keeps used ones for its next queries, so that a query of the steady state allocates
// nothing. Filled by whoever runs a query, then read by the loop that asked.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "weir/base/api.hpp"
#include "weir/db/value.hpp"

namespace weir::inline v0::db {

class WEIR_API row_data {
public:
    // Keeps the memory.
    void clear() noexcept;

    void add_null() { cells_.emplace_back(); }
    void add_integer(std::int64_t integer);
    void add_real(double real);
    // Text that is not UTF-8 is taken as it is, and marked.
    void add_text(std::string_view text);
    void add_blob(bytes_view blob);

    // After the names have been added, and before the first row.
    void end_of_names() noexcept { columns_ = cells_.size(); }
    void end_of_row() noexcept { ++rows_; }
    // Takes back a row that was begun and has not ended.
    void drop_row(std::size_t bytes) noexcept;
    void set_truncated() noexcept { truncated_ = true; }
    void set_effect(std::int64_t changes, std::int64_t last_insert_id) noexcept {
        changes_ = changes;
        last_insert_id_ = last_insert_id;
    }

    std::size_t rows() const noexcept { return rows_; }
    std::size_t columns() const noexcept { return columns_; }
    // Of texts and blobs, names included; and with the cells.
    std::size_t text_bytes() const noexcept { return bytes_.size(); }
    std::size_t size() const noexcept { return bytes_.size() + cells_.size() * sizeof(cell); }
    // Memory held, whatever is in it.
    std::size_t capacity() const noexcept {
        return bytes_.capacity() + cells_.capacity() * sizeof(cell);
    }
    bool truncated() const noexcept { return truncated_; }
    std::int64_t changes() const noexcept { return changes_; }
    std::int64_t last_insert_id() const noexcept { return last_insert_id_; }

    std::string_view name(std::size_t column) const { return at(column).as_text(); }
    value cell_at(std::size_t row, std::size_t column) const noexcept {
        return at((row + 1) * columns_ + column);
    }

    // Memory held beyond this is given back rather than kept for the next query.
    void shrink(std::size_t kept_bytes) noexcept;

private:
    struct cell {
        union {
            std::int64_t integer = 0;
            double real;
            std::size_t offset;
        };
        std::uint32_t size = 0;
        value_type type = value_type::null;
        bool valid_utf8 = true;
    };

    void add_bytes(bytes_view content, value_type type, bool valid_utf8);
    value at(std::size_t index) const noexcept {
        const cell& found = cells_[index];
        switch (found.type) {
            case value_type::null:
                return {};
            case value_type::integer:
                return found.integer;
            case value_type::real:
                return found.real;
            case value_type::text:
                return {as_text({bytes_.data() + found.offset, found.size}), found.valid_utf8};
            case value_type::blob:
                return bytes_view{bytes_.data() + found.offset, found.size};
        }
        return {};
    }

    std::vector<cell> cells_;
    std::vector<std::byte> bytes_;
    std::size_t columns_ = 0;
    std::size_t rows_ = 0;
    std::int64_t changes_ = 0;
    std::int64_t last_insert_id_ = 0;
    bool truncated_ = false;
};

}  // namespace weir::inline v0::db
