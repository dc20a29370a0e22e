// The fields of one response as they will be sent. A literal is enough for most; what is added goes
// into memory from the loop's free list, so that these lines are small where they move.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/lifetime.hpp"
#include "weir/base/result.hpp"
#include "weir/http/static_fields.hpp"

namespace weir::inline v0::http {

class WEIR_API field_lines {
public:
    // More than this in one response is refused.
    static constexpr std::size_t most = std::size_t{8} * 1024;

    field_lines() noexcept = default;
    // Begins with lines that were checked when they were compiled.
    explicit field_lines(static_fields first) noexcept : text_{first.view()} {}
    field_lines(field_lines&& other) noexcept
        : text_{std::exchange(other.text_, {})}, own_{std::move(other.own_)} {}
    field_lines& operator=(field_lines&& other) noexcept {
        own_ = std::move(other.own_);
        text_ = std::exchange(other.text_, {});
        return *this;
    }
    ~field_lines() = default;

    // Errors: as field_writer::add; too_large beyond most. Throws std::bad_alloc.
    result<> add(std::string_view name, std::string_view value);
    // Lifetime: these lines, until they change or move.
    std::string_view text() const noexcept WEIR_LIFETIMEBOUND { return text_; }

private:
    struct memory;
    struct release {
        void operator()(memory* own) const noexcept;
    };

    void grow(std::size_t capacity);

    std::string_view text_;
    std::unique_ptr<memory, release> own_;  // where they are more than a literal
};

}  // namespace weir::inline v0::http
