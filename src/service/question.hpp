// A question to another loop's worker, answered in its next turn.
#pragma once

#include <memory>
#include <utility>

#include "worker.hpp"

namespace weir::inline v0 {

template <class Ask>
class question final : public runnable {
public:
    question(worker& to, Ask ask) noexcept : to_{&to}, ask_{std::move(ask)} {}
    void run() noexcept override {
        const std::unique_ptr<question> self{this};
        ask_(*to_);
    }

private:
    worker* to_;
    Ask ask_;
};

// Calls ask(worker&) on the worker's loop; ask must not throw. Throws std::bad_alloc.
template <class Ask>
void put_to(worker& to, Ask ask) {
    auto posted = std::make_unique<question<Ask>>(to, std::move(ask));
    to.loop().scheduler().post(*posted.release());
}

}  // namespace weir::inline v0
