// A test in whose thread the heap refuses one request, whichever of all that it makes.
#pragma once

#include <cstdint>

#include <gtest/gtest.h>
#include <pthread.h>

#include "io/world.hpp"
#include "support/allocations.hpp"

namespace weir::inline v0::io {

struct memory_refusal {
    std::uint64_t granted = 0;  // before it
    bool came = true;

    void begin() const noexcept { heap::refuse_one(::pthread_self(), granted); }
    void end() noexcept { came = heap::refuse_none(); }
};

class refused_memory : public world_test<engine_world> {
protected:
    void SetUp() override {
        if constexpr (!heap::counted) GTEST_SKIP() << "the heap is a sanitizer's";
        world_test::SetUp();
    }
    // In a world of its own for each request that may be refused; how many there were.
    template <class Try>
    std::uint64_t sweep(Try in_vain) {
        memory_refusal next;
        for (; next.came && !HasFailure(); ++next.granted) {
            make(slab_count);
            in_vain(next);
        }
        return next.granted - 1;
    }
};

}  // namespace weir::inline v0::io
