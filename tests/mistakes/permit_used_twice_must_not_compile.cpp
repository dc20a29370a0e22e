#include <utility>

#include "weir/flow/channel.hpp"
#include "weir/task/task.hpp"

weir::task<> send_one(weir::flow::channel<int>& to) {
    auto permit = co_await to.reserve();
    if (!permit) co_return;
    std::move(*permit).send(1);
#ifdef WEIR_MUST_NOT_COMPILE
    permit->send(2);
#endif
}
