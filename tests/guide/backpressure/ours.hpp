// The same two, bounded.
#pragma once

#include <optional>
#include <utility>

#include "weir/flow/channel.hpp"
#include "weir/flow/semaphore.hpp"
#include "weir/task/scope.hpp"

#include "load.hpp"

namespace guide::backpressure {

// The permit goes with the job, and comes back when the job has ended, however it ends.
struct permit_until_done {
    static weir::task<> submit(weir::flow::semaphore& limit, weir::task_scope& workers,
                               load& load) {
        auto permit = co_await limit.acquire();
        if (permit) workers.spawn(holding(std::move(*permit), load));
    }

private:
    static weir::task<> holding(weir::flow::semaphore::permit /*held*/, load& load) {
        co_await load.job();
    }
};

// A full channel makes its producer wait.
class queue_of_four {
public:
    weir::task<> push(int item) {
        auto place = co_await items_.reserve();
        if (place) std::move(*place).send(item);
    }
    std::optional<int> try_pop() { return items_.try_receive(); }
    std::size_t size() const { return items_.size(); }

private:
    weir::flow::channel<int> items_{4};
};

}  // namespace guide::backpressure
