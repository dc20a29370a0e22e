// One target as libFuzzer wants it: WEIR_FUZZ_TARGET is its name.
#include <cstddef>
#include <cstdint>

#include "fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    weir::fuzz::WEIR_FUZZ_TARGET({reinterpret_cast<const std::byte*>(data), size});
    return 0;
}
