// A set of methods, such as those that a path answers to.
#pragma once

#include <cstdint>
#include <string>

#include "weir/base/api.hpp"
#include "weir/http/method.hpp"

namespace weir::inline v0::http {

class WEIR_API method_set {
public:
    constexpr method_set() noexcept = default;

    void add(method which) noexcept { bits_ |= bit(which); }
    void add(method_set others) noexcept { bits_ |= others.bits_; }
    bool has(method which) const noexcept { return (bits_ & bit(which)) != 0; }
    bool empty() const noexcept { return bits_ == 0; }
    // As Allow has it: with HEAD where there is GET, and with OPTIONS. Throws std::bad_alloc.
    std::string text() const;

private:
    static constexpr std::uint32_t bit(method which) noexcept {
        return 1U << static_cast<unsigned>(which);
    }

    std::uint32_t bits_ = 0;
};

}  // namespace weir::inline v0::http
