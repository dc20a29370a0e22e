// The engine over a simulated network: what a loop gets instead of a kernel.
#pragma once

#include <memory>

#include "weir/base/api.hpp"
#include "weir/io/engine.hpp"
#include "weir/sim/network.hpp"

namespace weir::inline v0::sim {

// An engine that is alone on its network moves the clock when it has nothing to do, to the time
// that poll() was to wait until at most; so a single loop runs as over a kernel. Where several
// engines share a network, a stepper moves the clock. wake() works from any thread. Throws
// std::bad_alloc.
WEIR_API std::unique_ptr<io::engine> make_engine(network& network, io::slab_pool& slabs);

}  // namespace weir::inline v0::sim
