// Sends every frame back until there are no more.
#pragma once

#include "weir/frame/framed.hpp"
#include "weir/task/or_return.hpp"

namespace weir::inline v0::frame {

inline task<result<>> echo(framed& frames) {
    while (auto frame = co_await frames.next()) {
        co_await or_return(frames.send(*frame));
    }
    co_return {};
}

}  // namespace weir::inline v0::frame
