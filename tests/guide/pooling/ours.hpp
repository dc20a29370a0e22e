// The same on pool::pool.
#pragma once

#include <memory>

#include "weir/pool/pool.hpp"

#include "tool.hpp"

namespace guide::pooling {

class tool_manager final : public weir::pool::manager<tool> {
public:
    weir::task<weir::result<std::unique_ptr<tool>>> create() override {
        co_return std::make_unique<tool>();
    }
    weir::result<> recycle(tool& back) noexcept override {
        if (back.broken) return weir::fail(weir::errc::reset);
        return {};
    }
};

class wait_in_turn {
public:
    weir::task<weir::result<>> use(job what) {
        auto lease = co_await weir::or_return(pool_.acquire());
        co_return co_await what(&*lease);
    }

private:
    weir::pool::pool<tool> pool_{std::make_unique<tool_manager>(), {.max_size = 2}};
};

}  // namespace guide::pooling
