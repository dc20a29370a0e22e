#include "weir/http/field_lines.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "weir/http/field_writer.hpp"

namespace weir::inline v0::http {

field_lines::field_lines(static_text line) noexcept
    : size_{static_cast<std::uint32_t>(line.view().size())} {
    assert(size_ <= few_bytes);
    std::memcpy(few_.data(), line.view().data(), size_);
}

result<> field_lines::add(std::string_view name, std::string_view value) {
    const std::size_t needed = size_ + field_writer::needed(name, value);
    if (needed > most) return fail(errc::too_large);
    if (needed > capacity_) grow(std::max(needed, 2 * std::size_t{capacity_}));
    field_writer writer{room(), size_};
    result<> added = writer.add(name, value);
    if (added) size_ = static_cast<std::uint32_t>(writer.size());
    return added;
}

void field_lines::grow(std::size_t capacity) {
    auto larger = std::make_unique_for_overwrite<std::byte[]>(capacity);
    std::memcpy(larger.get(), memory(), size_);
    more_ = std::move(larger);
    capacity_ = static_cast<std::uint32_t>(capacity);
}

}  // namespace weir::inline v0::http
