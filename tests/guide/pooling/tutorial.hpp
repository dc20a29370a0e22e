// A pool as tutorials show it. The tests beside this file break it.
#pragma once

#include <array>
#include <vector>

#include "tool.hpp"

namespace guide::pooling {

class checkout_or_give_up {
public:
    checkout_or_give_up() {
        for (tool& each : tools_) idle_.push_back(&each);
    }

    // Null where none is idle: the caller may try again later.
    tool* checkout() {
        if (idle_.empty()) return nullptr;
        tool* const taken = idle_.back();
        idle_.pop_back();
        return taken;
    }
    void give_back(tool* taken) { idle_.push_back(taken); }

    weir::task<weir::result<>> use(job what) {
        tool* const taken = checkout();
        if (taken == nullptr) co_return weir::fail(weir::errc::unavailable);
        co_await weir::or_return(what(taken));
        give_back(taken);
        co_return weir::result<>{};
    }

private:
    std::array<tool, 2> tools_;
    std::vector<tool*> idle_;
};

}  // namespace guide::pooling
