// One SQL value: what is bound to a parameter, and what a cell of a result holds.
//
// Text and blobs are views. Lifetime: of a parameter, until the query has ended, also where it was
// stopped; of a cell, as long as its rows.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"

namespace weir::inline v0::db {

enum class value_type : std::uint8_t { null, integer, real, text, blob };

WEIR_API std::string_view to_string(value_type type) noexcept;

// Integers that int64 holds, whatever their value.
template <class T>
concept small_integer =
    std::integral<T> && (std::signed_integral<T> || sizeof(T) < sizeof(std::int64_t));

class WEIR_API value {
public:
    value() noexcept : integer_{0} {}
    value(std::nullptr_t) noexcept : value{} {}  // NOLINT(google-explicit-constructor)
    template <small_integer Integer>
    value(Integer integer) noexcept  // NOLINT(google-explicit-constructor): that is what it is for
        : integer_{integer}, type_{value_type::integer} {}
    value(double real) noexcept  // NOLINT(google-explicit-constructor)
        : real_{real}, type_{value_type::real} {}
    value(std::string_view text) noexcept  // NOLINT(google-explicit-constructor)
        : data_{text.data()}, size_{text.size()}, type_{value_type::text} {}
    value(const char* text) noexcept  // NOLINT(google-explicit-constructor)
        : value{std::string_view{text}} {}
    value(const std::string& text) noexcept  // NOLINT(google-explicit-constructor)
        : value{std::string_view{text}} {}
    value(bytes_view blob) noexcept  // NOLINT(google-explicit-constructor)
        : data_{blob.data()}, size_{blob.size()}, type_{value_type::blob} {}
    // Text of a database, which need not be what it says it is.
    value(std::string_view text, bool valid_utf8) noexcept : value{text} {
        valid_utf8_ = valid_utf8;
    }

    value_type type() const noexcept { return type_; }
    // Bytes of a text or blob; 0 of the others.
    std::size_t size() const noexcept { return size_; }
    bool is_null() const noexcept { return type_ == value_type::null; }
    // False for a text whose bytes are not UTF-8; they are kept as they are.
    bool valid_utf8() const noexcept { return valid_utf8_; }

    // Each throws std::logic_error where type() is another; nothing is converted, but that
    // as_real() takes an integer too.
    std::int64_t as_integer() const {
        expect(value_type::integer);
        return integer_;
    }
    double as_real() const {
        if (type_ == value_type::integer) return static_cast<double>(integer_);
        expect(value_type::real);
        return real_;
    }
    std::string_view as_text() const {
        expect(value_type::text);
        return {static_cast<const char*>(data_), size_};
    }
    bytes_view as_blob() const {
        expect(value_type::blob);
        return {static_cast<const std::byte*>(data_), size_};
    }

private:
    void expect(value_type wanted) const {
        if (type_ != wanted) refuse(wanted);
    }
    [[noreturn]] void refuse(value_type wanted) const;

    union {
        std::int64_t integer_;
        double real_;
        const void* data_;
    };
    std::size_t size_ = 0;
    value_type type_ = value_type::null;
    bool valid_utf8_ = true;
};

}  // namespace weir::inline v0::db
