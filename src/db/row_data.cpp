#include "weir/db/row_data.hpp"

#include <limits>
#include <stdexcept>

#include "weir/base/utf8.hpp"

namespace weir::inline v0::db {

void row_data::clear() noexcept {
    cells_.clear();
    bytes_.clear();
    columns_ = rows_ = 0;
    changes_ = last_insert_id_ = 0;
    truncated_ = false;
}

void row_data::add_integer(std::int64_t integer) {
    cell& added = cells_.emplace_back();
    added.integer = integer;
    added.type = value_type::integer;
}

void row_data::add_real(double real) {
    cell& added = cells_.emplace_back();
    added.real = real;
    added.type = value_type::real;
}

void row_data::add_text(std::string_view text) {
    add_bytes(as_bytes(text), value_type::text, is_utf8(text));
}

void row_data::add_blob(bytes_view blob) { add_bytes(blob, value_type::blob, true); }

void row_data::add_bytes(bytes_view content, value_type type, bool valid_utf8) {
    if (content.size() > std::numeric_limits<std::uint32_t>::max())
        throw std::length_error{"a cell is larger than 4 GiB"};
    const std::size_t offset = bytes_.size();
    bytes_.insert(bytes_.end(), content.begin(), content.end());
    cell& added = cells_.emplace_back();
    added.offset = offset;
    added.size = static_cast<std::uint32_t>(content.size());
    added.type = type;
    added.valid_utf8 = valid_utf8;
}

void row_data::drop_row(std::size_t bytes) noexcept {
    cells_.resize((rows_ + 1) * columns_);
    bytes_.resize(bytes);
}

void row_data::shrink(std::size_t kept_bytes) noexcept {
    if (cells_.capacity() * sizeof(cell) > kept_bytes) cells_ = {};
    if (bytes_.capacity() > kept_bytes) bytes_ = {};
}

}  // namespace weir::inline v0::db
