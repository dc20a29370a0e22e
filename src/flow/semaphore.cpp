#include "weir/flow/semaphore.hpp"

#include <cassert>

namespace weir::inline v0::flow {

semaphore::~semaphore() { assert(available() == total() && "a permit outlives its semaphore"); }

}  // namespace weir::inline v0::flow
