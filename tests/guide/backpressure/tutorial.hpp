// Two bounds as tutorials show them. The tests beside this file break both.
#pragma once

#include <deque>
#include <optional>

#include "weir/flow/semaphore.hpp"
#include "weir/task/scope.hpp"

#include "load.hpp"

namespace guide::backpressure {

// "At most four at a time": the permit dies when the job has been handed on, not when it is done.
struct permit_until_handed_on {
    static weir::task<> submit(weir::flow::semaphore& limit, weir::task_scope& workers,
                               load& load) {
        const auto permit = co_await limit.acquire();
        workers.spawn(load.job());
    }
};

// A queue between a producer and a consumer. Pushing never waits.
class queue_without_end {
public:
    weir::task<> push(int item) {
        items_.push_back(item);
        co_return;
    }
    std::optional<int> try_pop() {
        if (items_.empty()) return std::nullopt;
        const int item = items_.front();
        items_.pop_front();
        return item;
    }
    std::size_t size() const { return items_.size(); }

private:
    std::deque<int> items_;
};

}  // namespace guide::backpressure
