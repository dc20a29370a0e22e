#include "weir/task/scope.hpp"

#include <cassert>
#include <exception>
#include <new>
#include <string>
#include <utility>

namespace weir::inline v0 {

namespace {

error internal_error(const char* text) noexcept {
    try {
        return error{errc::internal, text};
    } catch (const std::bad_alloc&) {
        return error{errc::internal};
    }
}

error error_of(const std::exception_ptr& exception) noexcept {
    try {
        std::rethrow_exception(exception);
    } catch (const std::bad_alloc&) {
        return error{errc::out_of_memory};
    } catch (const std::exception& thrown) {
        return internal_error(thrown.what());
    } catch (...) {
        return internal_error("an exception of an unknown type");
    }
}

}  // namespace

// One child: where its outcome goes, in a block of its own from the frame pool.
template <class T>
class task_scope::child final : public completion<T>, public spawned_task {
public:
    child(std::coroutine_handle<task_promise<T>> frame, task_scope& scope, const char* name,
          const std::source_location& from) noexcept
        : completion<T>{frame}, spawned_task{scope.env_.scheduler(), name, from}, scope_{&scope} {
        frame.promise().attach(scope.env_, *this);
    }

    static void* operator new(std::size_t size) { return frame_pool::allocate(size); }
    static void operator delete(void* block, std::size_t size) noexcept {
        frame_pool::release(block, size);
    }

    // It may be gone when this returns.
    void start() { this->child_.resume(); }

    void visit(task_visitor& by) const override { completion<T>::visit(by); }

private:
    void destroy() noexcept override { delete this; }

    std::coroutine_handle<> completed() noexcept override {
        task_scope& scope = *scope_;
        if (auto exception = this->exception()) {
            scope.report(exception);
        } else if constexpr (is_result<T>) {
            if (!this->value()->has_value()) scope.failed(std::move(this->value()->error()));
        }
        delete this;
        scope.one_done();
        return std::noop_coroutine();
    }

    task_scope* scope_;
};

task_scope::task_scope(const environment& env, error_handler on_error, on_failure others)
    : stop_{env.stop()}, env_{env, stop_}, on_error_{std::move(on_error)}, others_{others} {
    env.scheduler().scopes().push_back(*this);
}

task_scope::~task_scope() {
    assert(joiner_ == nullptr);
    while (spawned_task* last = children_.try_pop_back()) last->destroy();
}

void task_scope::destroy_children() noexcept {
    while (spawned_task* last = children_.try_pop_back()) {
        last->destroy();
        one_done();
    }
}

void task_scope::destroy(scope_member& child) noexcept {
    child.destroy();
    one_done();
}

template <class T>
void task_scope::start(task<T> task, const char* name, const std::source_location& from) {
    auto* made = new child<T>{task.release(), *this, name, from};
    children_.push_back(*made);
    ++running_;
    made->start();
}

void task_scope::spawn(task<> child, const char* name, const std::source_location& from) {
    start(std::move(child), name, from);
}
void task_scope::spawn(task<result<>> child, const char* name, const std::source_location& from) {
    start(std::move(child), name, from);
}

void task_scope::start(scope_member& child) noexcept {
    children_.push_back(child);
    ++running_;
    scheduler& loop = env_.scheduler();
    const origin spawner = loop.running();
    child.go_on().resume();  // the scope may be gone when this returns
    loop.runs(spawner);
}

scope_member::scope_member(task_scope& scope, stop_node& stop, const char* name,
                           const std::source_location& from) noexcept
    : completion<void>{nullptr},
      spawned_task{scope.env_.scheduler(), name, from},
      scope_{&scope},
      env_{scope.env_, stop} {}

std::coroutine_handle<> scope_member::go_on() noexcept {
    env_.runs();
    try {
        step next = next_step();
        if (std::holds_alternative<waits>(next)) return std::noop_coroutine();
        if (auto* const begins = std::get_if<task<>>(&next)) {
            const auto frame = begins->release();
            frame.promise().attach(env_, *this);
            child_ = frame;
            return frame;
        }
    } catch (...) {
        return fail_with(std::current_exception());
    }
    return end();
}

std::coroutine_handle<> scope_member::completed() noexcept {
    const std::exception_ptr thrown = exception();
    return thrown ? fail_with(thrown) : go_on();
}

std::coroutine_handle<> scope_member::fail_with(const std::exception_ptr& thrown) noexcept {
    scope_->failed(explain(error_of(thrown)));
    return end();
}

std::coroutine_handle<> scope_member::end() noexcept {
    task_scope& scope = *scope_;
    delete this;
    scope.one_done();
    return std::noop_coroutine();
}

// What its task uses goes behind it.
void scope_member::destroy() noexcept {
    if (child_) std::exchange(child_, nullptr).destroy();
    delete this;
}

void task_scope::report(const std::exception_ptr& exception) noexcept {
    failed(error_of(exception));
}

void task_scope::failed(error why) noexcept {
    on_error_(std::move(why));
    if (others_ == on_failure::stop_all) request_stop();
}

void task_scope::one_done() noexcept {
    if (--running_ == 0 && joiner_ != nullptr) std::exchange(joiner_, nullptr)->wake();
}

task_scope::join_awaiter::~join_awaiter() {
    if (scope_->joiner_ == this) scope_->joiner_ = nullptr;
}

void task_scope::join_awaiter::await_suspend(continuation then) noexcept {
    assert(scope_->joiner_ == nullptr && "one task joins a scope");
    scope_->joiner_ = this;
    park_unstoppable(then);
}

}  // namespace weir::inline v0
