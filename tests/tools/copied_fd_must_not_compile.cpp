// The owner of a descriptor has no twin.
#include "weir/base/unique_fd.hpp"

int main() {
    weir::unique_fd one;
    weir::unique_fd moved{static_cast<weir::unique_fd&&>(one)};
#ifdef WEIR_MUST_NOT_COMPILE
    weir::unique_fd copied{moved};
    return copied.get();
#endif
    return moved ? 1 : 0;
}
