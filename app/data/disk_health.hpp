// Whether the disk under the database can be used, as far as statements have shown.
//
// Reads and writes are told apart: a full disk still answers reads, and they must not hide that it
// takes no writes. A failure ends with the next success of its kind, or by itself: a load balancer
// that sends nothing more because of it would otherwise keep it from ever being seen to be over.
// From any thread; nothing is written while all is well, since every loop shares it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "weir/base/clock.hpp"
#include "weir/base/result.hpp"

namespace weir::app {

enum class disk_access : std::uint8_t { read, write };

class disk_health {
public:
    // How long a failure counts that nothing of its kind has followed.
    static constexpr duration failure_lasts = std::chrono::seconds{10};

    // now, here and below: of one clock for all who call; those of loops differ.
    void failed(disk_access kind, time_point now) noexcept;
    void succeeded(disk_access kind) noexcept;
    // Errors: storage, with the kinds that fail.
    result<> check(time_point now) const;

private:
    static constexpr time_point no_failure = time_point::min();

    bool fails(disk_access kind, time_point now) const noexcept;

    std::array<std::atomic<time_point>, 2> fails_until_{no_failure, no_failure};
};

}  // namespace weir::app
