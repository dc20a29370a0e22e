// Stars in place of secrets that pass by on a connection, whatever it speaks.
//
// Looks at one byte after another and remembers where it is, so that it does not matter how the
// bytes were cut. Knows nothing of the messages around: what looks like a secret is one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::inline v0 {

// Values of HTTP's fields that say who somebody is: Authorization, Proxy-Authorization, Cookie and
// Set-Cookie, from the colon to the end of the line, and lines that go on with a blank.
class field_mask {
public:
    // Whether this byte belongs to one.
    bool hides(char byte) noexcept;

private:
    enum class place : std::uint8_t { name, value, secret, behind_secret };

    bool begin_line() noexcept;
    bool is_secret() const noexcept;

    place place_ = place::name;
    std::size_t size_ = 0;  // of the name so far
    std::array<char, 24> name_{};
};

// Texts of JSON members of the name "token", as in the hello of the framed protocol; letters of the
// name may be escaped.
class member_mask {
public:
    bool hides(char byte) noexcept;

private:
    void match(char byte) noexcept;
    void match_escape(char byte) noexcept;

    std::size_t matched_ = 0;  // bytes of pattern, decoded
    unsigned escape_ = 0;      // bytes of an escaped letter so far
    unsigned code_ = 0;        // what they stand for
    bool inside_ = false;      // of a secret
    bool escaped_ = false;     // the byte before it was a backslash
};

class secret_mask {
public:
    // The byte, or a star.
    char operator()(char byte) noexcept {
        const bool in_field = field_.hides(byte);
        const bool in_member = member_.hides(byte);
        return in_field || in_member ? '*' : byte;
    }

private:
    field_mask field_;
    member_mask member_;
};

}  // namespace weir::inline v0
