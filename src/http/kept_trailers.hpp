// The trailers of a message, copied: the bytes that they came in are consumed with its end.
#pragma once

#include <new>
#include <string_view>

#include "weir/base/bytes.hpp"
#include "weir/base/fence.hpp"
#include "weir/base/result.hpp"

namespace weir::inline v0::http {

class kept_trailers {
public:
    // lines: the body of a machine's `end`. Errors: out_of_memory; nothing is kept then.
    result<> keep(bytes_view lines) noexcept {
        try {
            lines_ = fence::copy(as_text(lines));
        } catch (const std::bad_alloc&) {
            return fail(errc::out_of_memory);
        }
        return {};
    }
    // Gives the memory back; an assignment would keep it.
    void forget() noexcept {
        if (!lines_.empty()) fence::string{}.swap(lines_);
    }
    std::string_view lines() const noexcept { return lines_; }

private:
    fence::string lines_;
};

}  // namespace weir::inline v0::http
