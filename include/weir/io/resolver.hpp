// Names to addresses: a seam, since the system's answer blocks and the simulator's must not.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weir/base/api.hpp"
#include "weir/base/result.hpp"
#include "weir/io/blocking.hpp"
#include "weir/io/endpoint.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::io {

class resolver {
public:
    resolver(const resolver&) = delete;
    resolver& operator=(const resolver&) = delete;
    virtual ~resolver() = default;

    // At least one address, in the order in which they are to be tried. Errors: not_found for a
    // name that does not exist, unavailable where nobody can tell now, overloaded, canceled,
    // timed_out. Lifetime: the resolver outlives the task.
    virtual task<result<std::vector<endpoint>>> resolve(std::string name, std::uint16_t port) = 0;

protected:
    resolver() noexcept = default;
};

// getaddrinfo (RFC 6724's order), on a blocking thread. From any loop. A stop abandons the thread,
// which stays counted until the system answers.
class WEIR_API system_resolver final : public resolver {
public:
    // Lifetime: the pool outlives the resolver.
    explicit system_resolver(blocking_pool& pool) noexcept : pool_{&pool} {}
    task<result<std::vector<endpoint>>> resolve(std::string name, std::uint16_t port) override;

private:
    blocking_pool* pool_;
};

}  // namespace weir::inline v0::io
