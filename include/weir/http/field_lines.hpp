// The fields of one response as they will be sent. A few of them need no allocation.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/result.hpp"
#include "weir/http/static_text.hpp"

namespace weir::inline v0::http {

class WEIR_API field_lines {
public:
    // More than this in one response is refused.
    static constexpr std::size_t most = std::size_t{8} * 1024;

    field_lines() noexcept = default;
    // Begins with a whole line, which is taken as it is and fits into the first few bytes.
    explicit field_lines(static_text line) noexcept;
    field_lines(field_lines&& other) noexcept { take(other); }
    field_lines& operator=(field_lines&& other) noexcept {
        if (this != &other) take(other);
        return *this;
    }
    ~field_lines() = default;

    // Errors: as field_writer::add; too_large beyond most. Throws std::bad_alloc.
    result<> add(std::string_view name, std::string_view value);
    // Lifetime: these lines, until they change or move.
    std::string_view text() const noexcept { return as_text({memory(), size_}); }

private:
    const std::byte* memory() const noexcept { return more_ ? more_.get() : few_.data(); }
    bytes_span room() noexcept { return {more_ ? more_.get() : few_.data(), capacity_}; }
    void grow(std::size_t capacity);
    // All of the first few bytes, used or not: a copy of a fixed size is a few instructions.
    void take(field_lines& other) noexcept {
        std::memcpy(few_.data(), other.few_.data(), few_bytes);
        size_ = std::exchange(other.size_, 0);
        capacity_ = std::exchange(other.capacity_, few_bytes);
        more_ = std::move(other.more_);
    }

    static constexpr std::uint32_t few_bytes = 120;

    std::array<std::byte, few_bytes> few_;
    std::uint32_t size_ = 0;
    std::uint32_t capacity_ = few_bytes;
    std::unique_ptr<std::byte[]> more_;
};

}  // namespace weir::inline v0::http
