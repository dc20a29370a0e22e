// The rule shows wherever a program begins.
#include "weir/db/database.hpp"
#include "weir/task/scope.hpp"

void begin(weir::task_scope& scope, int& served) {
    scope.spawn([](int& count) -> weir::task<> {
        ++count;
        co_return;
    }(served));
#ifdef WEIR_MUST_NOT_COMPILE
    scope.spawn([&served]() -> weir::task<> {
        ++served;
        co_return;
    }());
#endif
}
