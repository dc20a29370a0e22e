// The fields of a response as they will be sent, written one after another into the caller's
// memory. What must not be sent is refused here, where it is set, so that nothing has to be checked
// when the response goes out.
#pragma once

#include <cstddef>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/result.hpp"

namespace weir::inline v0::http {

class WEIR_API field_writer {
public:
    // Lifetime: room outlives the writer. Bytes that an earlier writer put there are kept with
    // `used`, so that fields can move into larger room.
    explicit field_writer(bytes_span room, std::size_t used = 0) noexcept
        : room_{room}, used_{used} {}

    // Errors: invalid_argument for a name that is no token, a value with CR, LF, NUL or another
    // control character, and for the fields that the connection writes itself (Connection,
    // Content-Length, Date, Keep-Alive, Transfer-Encoding, Upgrade); too_large where room is used
    // up. After an error nothing has been written.
    result<> add(std::string_view name, std::string_view value);

    // Whole lines. Lifetime: room.
    std::string_view lines() const noexcept { return as_text(room_.first(used_)); }
    std::size_t size() const noexcept { return used_; }

    // Bytes that add() needs for such a field.
    static constexpr std::size_t needed(std::string_view name, std::string_view value) noexcept {
        return name.size() + value.size() + 4;
    }

private:
    void put(std::string_view text) noexcept;

    bytes_span room_;
    std::size_t used_;
};

}  // namespace weir::inline v0::http
