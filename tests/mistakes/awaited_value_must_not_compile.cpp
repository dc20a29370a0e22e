#include "weir/task/task.hpp"

weir::task<int> count() { co_return 7; }

weir::task<> caller() {
    co_await count();
#ifdef WEIR_MUST_NOT_COMPILE
    co_await 7;
#endif
}
