// How many connections each peer's address has, up to a limit. From any thread.
//
// An IPv6 address counts by its first 64 bits, which a single host usually has to itself. A unix
// socket has no address to count by.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "weir/base/mutex.hpp"
#include "weir/io/endpoint.hpp"

namespace weir::inline v0 {

class address_counts {
    struct key {
        bool is_ipv6 = false;
        std::uint64_t bits = 0;
        auto operator<=>(const key&) const noexcept = default;
    };

public:
    // 0: no limit, and nothing is counted.
    explicit address_counts(std::size_t limit) noexcept : limit_{limit} {}

    class permit;
    // Nothing where its address has as many as it may. Throws std::bad_alloc.
    std::optional<permit> try_acquire(const io::endpoint& peer);

private:
    // Not hashed: a peer might choose addresses that collide.
    using counts = std::map<key, std::size_t>;

    static key key_of(const io::endpoint& peer) noexcept;
    void leave(counts::iterator of) noexcept;

    std::size_t limit_;
    mutex mutex_;
    counts open_ WEIR_GUARDED_BY(mutex_);
};

// One of an address's connections, for as long as this lives; an empty one is nobody's.
class [[nodiscard]] address_counts::permit {
public:
    permit() noexcept = default;
    permit(permit&& other) noexcept : from_{std::exchange(other.from_, nullptr)}, of_{other.of_} {}
    permit& operator=(permit&&) = delete;
    ~permit() {
        if (from_ != nullptr) from_->leave(of_);
    }

private:
    friend class address_counts;
    permit(address_counts& from, counts::iterator of) noexcept : from_{&from}, of_{of} {}

    address_counts* from_ = nullptr;
    counts::iterator of_;
};

}  // namespace weir::inline v0
