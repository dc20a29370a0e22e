// Lets an operation end after a stop: clean-up that must still be done.
//
//     co_await shielded(1s, connection.close());
//
// Neither a stop nor a deadline of the awaiting task reaches what is below; only the time given
// here, from now on, ends it, with errc::timed_out. There is no form without one: a stopped task
// must end.
#pragma once

#include <utility>

#include "weir/task/with_timeout.hpp"

namespace weir::inline v0 {

// To be awaited in the same expression.
template <awaitable Awaitable>
deadline_operand<Awaitable, deadline_node::apart> shielded(duration wait,
                                                           Awaitable&& operand) noexcept {
    return {never, wait, std::forward<Awaitable>(operand)};
}

}  // namespace weir::inline v0
