// What a pool has to be told about its resources: how one is made, judged and given up.
#pragma once

#include <memory>

#include "weir/base/result.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::pool {

// Called from every loop that uses the pool, also at the same time; never for one resource twice at
// once, and never while a lock is held.
template <class Resource>
class manager {
public:
    manager() noexcept = default;
    manager(const manager&) = delete;
    manager& operator=(const manager&) = delete;
    virtual ~manager() = default;

    // Runs on the loop of the one who asked, inside its deadline and its stop. An error goes to
    // that one; the next in the queue tries again.
    virtual task<result<std::unique_ptr<Resource>>> create() = 0;

    // Before an idle one is handed out: is it still good? An error gives it up.
    // Must not block.
    virtual result<> check(Resource&) noexcept { return {}; }

    // When it comes back: makes it as good as new. An error gives it up. Must not block.
    virtual result<> recycle(Resource&) noexcept { return {}; }

    // The end of a resource, and why: the error of check, recycle or discard(); errc::closed where
    // the pool closed. Must not block.
    virtual void destroy(std::unique_ptr<Resource>, const error&) noexcept {}
};

}  // namespace weir::inline v0::pool
