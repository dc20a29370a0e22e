// The trailers of a message, copied: the bytes that they came in are consumed with its end.
#pragma once

#include <algorithm>
#include <new>
#include <string_view>

#include "weir/base/bytes.hpp"
#include "weir/base/fence.hpp"
#include "weir/base/result.hpp"
#include "weir/io/block.hpp"

namespace weir::inline v0::http {

class kept_trailers {
public:
    // lines: the body of a machine's `end`. In a block of the loop, where that has room for them.
    // Errors: out_of_memory; nothing is kept then.
    result<> keep(bytes_view lines, io::block_pool& blocks) noexcept {
        if (lines.empty()) return {};
        try {
            copy(lines, blocks);
        } catch (const std::bad_alloc&) {
            return fail(errc::out_of_memory);
        }
        return {};
    }
    // Gives the memory back; an assignment would keep it.
    void forget() noexcept {
        if (!lines_.empty()) give_back();
    }
    std::string_view lines() const noexcept { return lines_; }

private:
    void copy(bytes_view lines, io::block_pool& blocks) {
        if (lines.size() <= io::block_size) {
            block_ = blocks.take();
            std::ranges::copy(lines, block_.memory().begin());
            lines_ = as_text(block_.memory().first(lines.size()));
        } else {
            long_ = fence::copy(as_text(lines));
            lines_ = long_;
        }
    }
    void give_back() noexcept {
        lines_ = {};
        block_ = {};
        fence::string{}.swap(long_);
    }

    std::string_view lines_;
    io::block block_;
    fence::string long_;
};

}  // namespace weir::inline v0::http
