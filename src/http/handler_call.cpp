#include "handler_call.hpp"

#include "exchange.hpp"
#include "route.hpp"

namespace weir::inline v0::http {

handler_call::handler_call(const route& to, exchange& current, loop_share& share)
    : handler_call{to, current, share, after(current.env->now(), to.deadline)} {}

handler_call::handler_call(const route& to, exchange& current, loop_share& share, time_point until)
    : request_call{current, share, *current.env, {until, until, true}},
      running_{next{to, 0}(current.request).await_with(env())} {}

}  // namespace weir::inline v0::http
