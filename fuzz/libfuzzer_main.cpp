// One target as libFuzzer wants it: WEIR_FUZZ_TARGET is its name.
#include <cstddef>
#include <cstdint>

#include "fuzz/targets.hpp"

namespace {

consteval weir::fuzz::target find_target() {
    for (const weir::fuzz::target& each : weir::fuzz::targets)
        if (each.run == weir::fuzz::WEIR_FUZZ_TARGET) return each;
    throw "there is no such target";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr weir::fuzz::target one = find_target();
    one.run({reinterpret_cast<const std::byte*>(data), size}, size % one.variants);
    return 0;
}
