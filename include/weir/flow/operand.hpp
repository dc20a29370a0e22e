// What a function of this room answers with where one waits: to be awaited, and told then for whom.
#pragma once

#include "weir/task/environment.hpp"

namespace weir::inline v0::flow {

// Awaited, it is an Awaiter on of, which must outlive the wait.
template <class Awaiter, class Of>
class [[nodiscard("nothing happens until it is awaited")]] operand {
public:
    explicit operand(Of& of) noexcept : of_{&of} {}
    Awaiter await_with(const environment& env) const noexcept { return {*of_, env}; }

private:
    Of* of_;
};

}  // namespace weir::inline v0::flow
