// Bytes that wait for more to come, held as unkindly as a connection may: each piece that joins
// them moves all of them elsewhere. Under AddressSanitizer nothing may be touched behind them, in
// front of them, or where they were before.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>

#include "weir/base/asan.hpp"
#include "weir/base/bytes.hpp"

namespace weir {

class moving_bytes {
public:
    // most: how many there are at once. It asks the heap once, and not for every piece, since
    // fuzzers do little else.
    explicit moving_bytes(std::size_t most)
        : most_{most},
          here_{std::make_unique_for_overwrite<std::byte[]>(most)},
          before_{std::make_unique_for_overwrite<std::byte[]>(most)} {}
    moving_bytes(const moving_bytes&) = delete;
    moving_bytes& operator=(const moving_bytes&) = delete;
    ~moving_bytes() {
        unpoison(here_.get(), most_);
        unpoison(before_.get(), most_);
    }

    // left: what was not consumed of what the last call answered with. Lifetime: until the next.
    bytes_view join(bytes_view left, bytes_view piece) noexcept {
        here_.swap(before_);
        const std::size_t size = left.size() + piece.size();
        std::byte* const begin = here_.get() + (most_ - size);
        unpoison(here_.get(), most_);
        if (!left.empty()) std::memcpy(begin, left.data(), left.size());
        if (!piece.empty()) std::memcpy(begin + left.size(), piece.data(), piece.size());
        poison(here_.get(), most_ - size);
        poison(before_.get(), most_);
        return {begin, size};
    }

private:
    std::size_t most_;
    std::unique_ptr<std::byte[]> here_;
    std::unique_ptr<std::byte[]> before_;
};

}  // namespace weir
