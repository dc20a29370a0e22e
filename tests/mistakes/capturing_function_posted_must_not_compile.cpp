// What a lambda captures cannot be looked at, and may belong to this loop.
#include "weir/io/run_on.hpp"

weir::task<weir::result<>> count(int* to);

weir::task<> caller(weir::io::loop& other, int& counted) {
    weir::io::run_on counting{other, count, &counted};
    co_await std::move(counting);
#ifdef WEIR_MUST_NOT_COMPILE
    weir::io::run_on captured{other, [&counted] { return count(&counted); }};
#endif
}
