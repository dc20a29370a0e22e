// What a caller calls its call: an integer, or a text of at most 64 bytes.
//
// A value that is copied and compared; a text is a view, which lives as long as its bytes do.
#pragma once

#include <cstdint>
#include <string_view>

#include "weir/json/reader.hpp"
#include "weir/json/writer.hpp"

namespace weir::inline v0::call {

class id {
public:
    static constexpr std::size_t longest_text = 64;

    // None: the protocol's null.
    id() noexcept = default;
    explicit id(std::int64_t number) noexcept : is_{kind::number}, number_{number} {}
    explicit id(std::string_view text) noexcept : is_{kind::text}, text_{text} {}
    // None where the value is neither.
    explicit id(const json::value& from) noexcept {
        if (from.is == json::value::kind::integer) *this = id{from.integer};
        if (from.is == json::value::kind::text && from.text.size() <= longest_text)
            *this = id{from.text};
    }

    bool is_none() const noexcept { return is_ == kind::none; }
    // Empty for a number.
    std::string_view text() const noexcept { return text_; }
    bool is_text() const noexcept { return is_ == kind::text; }

    // Throws std::bad_alloc.
    void write(json::writer& json) const {
        if (is_ == kind::number) return json.integer(number_);
        if (is_ == kind::text) return (void)json.string(text_);
        json.null();
    }

    friend bool operator==(const id&, const id&) noexcept = default;

private:
    enum class kind : std::uint8_t { none, number, text };

    kind is_ = kind::none;
    std::int64_t number_ = 0;
    std::string_view text_;
};

}  // namespace weir::inline v0::call
