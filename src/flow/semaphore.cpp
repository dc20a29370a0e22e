#include "weir/flow/semaphore.hpp"

#include <cassert>

namespace weir::inline v0::flow {

semaphore::~semaphore() { assert(available() == total() && "a permit outlives its semaphore"); }

result<semaphore::permit> semaphore::try_acquire(std::size_t permits) noexcept {
    if (const errc outcome = queue_.try_take(permits); outcome != errc{}) return fail(outcome);
    return hand_out(permits);
}

}  // namespace weir::inline v0::flow
