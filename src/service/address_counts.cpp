#include "address_counts.hpp"

#include <cstring>

namespace weir::inline v0 {

std::optional<address_counts::permit> address_counts::try_acquire(const io::endpoint& peer) {
    if (limit_ == 0 || peer.family() == io::endpoint::family::unix_path) return permit{};
    const key of = key_of(peer);
    const lock_guard lock{mutex_};
    const auto found = open_.try_emplace(of).first;
    if (found->second >= limit_) return std::nullopt;
    ++found->second;
    return permit{*this, found};
}

void address_counts::leave(counts::iterator of) noexcept {
    const lock_guard lock{mutex_};
    if (--of->second == 0) open_.erase(of);
}

// An IPv4 address is followed by zeros.
address_counts::key address_counts::key_of(const io::endpoint& peer) noexcept {
    key of{peer.family() == io::endpoint::family::ipv6, 0};
    std::memcpy(&of.bits, peer.address().data(), sizeof of.bits);
    return of;
}

}  // namespace weir::inline v0
