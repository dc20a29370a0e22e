#include "weir/http/middleware.hpp"

#include "route.hpp"

namespace weir::inline v0::http {

task_awaiter<result<response>> next_operand::await_with(const environment& env) const {
    if (depth_ == to_->around.size()) return to_->how.call(*asked_, env);
    return to_->around[depth_]->call()(*asked_, next{*to_, depth_ + 1}, env);
}

}  // namespace weir::inline v0::http
