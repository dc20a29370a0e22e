// The fields of an earlier request, byte for byte, and what they say.
//
// Most clients say the same in each of their requests: what was read once of the same bytes holds
// again. To remember them costs a copy, so where clients do not repeat themselves, it is made for
// one of 64 requests at most.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/http/control_fields.hpp"
#include "weir/http/limits.hpp"

namespace weir::inline v0::http {

class WEIR_API known_fields {
public:
    // Whether text begins with them, within the bounds. Where it does not, or does not yet, they
    // are forgotten.
    bool begin(std::string_view text, const limits& bounds) noexcept;
    // section: with the empty line behind it. One over 1 KiB is not remembered.
    void remember(std::string_view section, std::uint32_t count,
                  const control_fields& control) noexcept;
    // The section moved, where they are those of the request that is being read.
    void rebase(const char* from, const char* to) noexcept;

    std::size_t size() const noexcept { return size_; }
    std::uint32_t count() const noexcept { return count_; }
    const control_fields& control() const noexcept { return control_; }
    // Where they lay when they were read last; there may be other bytes by now, or none.
    const char* place() const noexcept { return place_; }

private:
    static constexpr std::uint32_t most_skipped = 63;
    // The empty line, which limits do not count.
    static constexpr std::size_t end = 2;

    const char* place_ = nullptr;
    std::uint32_t size_ = 0;  // 0: there are none
    std::uint32_t count_ = 0;
    std::uint32_t skipped_ = 0;  // sections that were not remembered
    std::uint32_t to_skip_ = 0;
    control_fields control_{message::request};
    std::array<char, 1024> bytes_{};
};

}  // namespace weir::inline v0::http
