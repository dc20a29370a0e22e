// `const environment& env = co_await this_env();`: never suspends. It lives as long as the task.
#pragma once

#include "weir/task/environment.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0 {

class [[nodiscard]] this_env {
public:
    class awaiter {
    public:
        explicit awaiter(const environment& env) noexcept : env_{&env} {}
        bool await_ready() const noexcept { return true; }
        void await_suspend(continuation) const noexcept {}
        const environment& await_resume() const noexcept { return *env_; }

    private:
        const environment* env_;
    };

    awaiter await_with(const environment& env) const noexcept { return awaiter{env}; }
};

}  // namespace weir::inline v0
