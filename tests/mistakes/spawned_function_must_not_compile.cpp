#include "weir/task/scope.hpp"

weir::task<> work() { co_return; }

void begin(weir::task_scope& scope) {
    scope.spawn(work());
#ifdef WEIR_MUST_NOT_COMPILE
    scope.spawn(work);
#endif
}
