// A task that nobody awaits would do nothing.
#include "weir/task/task.hpp"

weir::task<> work() { co_return; }

weir::task<> caller() {
    co_await work();
#ifdef WEIR_MUST_NOT_COMPILE
    work();
#endif
}
