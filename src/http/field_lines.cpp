#include "weir/http/field_lines.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "weir/http/field_writer.hpp"
#include "weir/task/frame_pool.hpp"

namespace weir::inline v0::http {
namespace {

// A few fields fit, and the block is one that coroutines use as well.
constexpr std::size_t first_capacity = 240;

}  // namespace

// Its bytes lie behind it.
struct field_lines::memory {
    bytes_span room() noexcept { return {reinterpret_cast<std::byte*>(this + 1), capacity}; }

    std::size_t capacity;
};

void field_lines::release::operator()(memory* own) const noexcept {
    frame_pool::release(own, sizeof(memory) + own->capacity);
}

result<> field_lines::add(std::string_view name, std::string_view value) {
    const std::size_t needed = text_.size() + field_writer::needed(name, value);
    if (needed > most) return fail(errc::too_large);
    if (!own_ || needed > own_->capacity) {
        grow(std::max(needed, own_ ? 2 * own_->capacity : first_capacity));
    }
    field_writer writer{own_->room(), text_.size()};
    result<> added = writer.add(name, value);
    text_ = writer.lines();
    return added;
}

void field_lines::grow(std::size_t capacity) {
    void* const place = frame_pool::allocate(sizeof(memory) + capacity);
    std::unique_ptr<memory, release> larger{::new (place) memory{capacity}};
    if (!text_.empty()) std::memcpy(larger->room().data(), text_.data(), text_.size());
    own_ = std::move(larger);
    text_ = as_text(own_->room().first(text_.size()));
}

}  // namespace weir::inline v0::http
