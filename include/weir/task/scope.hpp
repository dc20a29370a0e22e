// Owns tasks that run beside the one that made it; ends only when they have.
//
// A child inherits the scope's environment: its stop, and not the deadline of whoever calls
// spawn(). What a child fails with goes to the error handler, which every scope must have. Make a
// scope the last member of its class, so that its children go before what they use.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <source_location>
#include <type_traits>
#include <utility>
#include <variant>

#include "weir/base/api.hpp"
#include "weir/base/intrusive_list.hpp"
#include "weir/task/frame_pool.hpp"
#include "weir/task/task.hpp"
#include "weir/task/wait.hpp"

namespace weir::inline v0 {

// What a child's error or exception means for its siblings.
enum class on_failure { go_on, stop_all };

// A task that runs in a scope, for those who look at what runs.
class spawned_task : public list_hook<> {
public:
    std::uint64_t id() const noexcept { return id_; }
    const char* name() const noexcept { return name_; }
    const std::source_location& spawned_at() const noexcept { return spawned_at_; }
    time_point since() const noexcept { return since_; }
    virtual void visit(task_visitor& by) const = 0;

protected:
    spawned_task(scheduler& on, const char* name, const std::source_location& from) noexcept
        : id_{on.next_task_id()}, name_{name}, since_{on.now()}, spawned_at_{from} {}
    ~spawned_task() = default;

private:
    friend class task_scope;
    virtual void destroy() noexcept = 0;

    std::uint64_t id_;
    const char* name_;
    time_point since_;
    std::source_location spawned_at_;
};

class task_scope;

// A child with things of its own, which are there before its first task begins and until its last
// has ended. It runs one task after the other, and is destroyed behind the last. Between two of
// them it may wait by itself, without a coroutine. What a task throws goes to the scope's error
// handler, and is the end as well.
class WEIR_API scope_member : public completion<void>, public spawned_task {
public:
    static void* operator new(std::size_t size) { return frame_pool::allocate(size); }
    static void operator delete(void* memory, std::size_t size) noexcept {
        frame_pool::release(memory, size);
    }
    virtual ~scope_member() = default;

    void visit(task_visitor& by) const override {
        completion<void>::visit(by);
        if (!child_) by.visit(rests_at());
    }

protected:
    // What it does next. One that waits has a wait of its own pending, and calls go_on() when that
    // has ended.
    struct ends {};
    struct waits {};
    using step = std::variant<ends, waits, task<>>;

    // stop: of its tasks, below the scope's own; it may be made later.
    scope_member(task_scope& scope, stop_node& stop, const char* name,
                 const std::source_location& from = std::source_location::current()) noexcept;

    const environment& env() const noexcept { return env_; }
    // On whose behalf, where that is not the scope's.
    void runs_for(const origin& whose) noexcept { env_ = {env_, env_.stop(), whose}; }
    // Where it waits by itself, for those who look at what runs.
    virtual std::source_location rests_at() const noexcept = 0;
    // What is to be resumed. The member may be gone by then.
    std::coroutine_handle<> go_on() noexcept;

private:
    friend class task_scope;
    virtual step next_step() = 0;
    // What the scope's error handler is told of what one of its tasks has thrown.
    virtual error explain(error why) noexcept { return why; }

    std::coroutine_handle<> fail_with(const std::exception_ptr& thrown) noexcept;
    std::coroutine_handle<> end() noexcept;
    std::coroutine_handle<> completed() noexcept override;
    void destroy() noexcept override;

    task_scope* scope_;
    environment env_;
};

class WEIR_API task_scope : public scope_link {
public:
    using loop_bound = void;

    // Called on the loop, between the child's end and whatever follows; must not destroy the scope.
    // An exception arrives as errc::internal with its text.
    using error_handler = std::move_only_function<void(error)>;

    // With stop_all the scope is stopped after on_error has been told of the first failure; what
    // the siblings then end with, errc::canceled mostly, goes to on_error as well.
    task_scope(const environment& env, error_handler on_error,
               on_failure others = on_failure::go_on);
    task_scope(const task_scope&) = delete;
    task_scope& operator=(const task_scope&) = delete;
    // Destroys children that still run, synchronously: their waits are taken back, their locals
    // die. To let them finish, `co_await scope.join()` first.
    ~task_scope();

    // Runs child up to its first wait before it returns. Throws std::bad_alloc. name: a literal,
    // what report_tasks() calls the task; where there is none, it is the caller's own.
    void spawn(task<> child, const char* name = "",
               const std::source_location& from = std::source_location::current());
    void spawn(task<result<>> child, const char* name = "",
               const std::source_location& from = std::source_location::current());
    template <std::derived_from<scope_member> Member>
    void spawn(std::unique_ptr<Member> child) noexcept {
        start(*child.release());
    }
    // Anything else, to say what is wrong with it.
    template <class Other>
    void spawn(Other&&, const char* = "") {
        static_assert(std::is_void_v<Other>,
                      "spawn takes a task<> or a task<result<>>, by value: call the coroutine, and "
                      "std::move a task that has a name");
    }

    // Every wait of the children ends with reason; children spawned later are stopped from the
    // start.
    void request_stop(errc reason = errc::canceled) noexcept { stop_.request(reason); }
    // Destroys the children that still run, as the destructor does; not from within one of them.
    // Who joins goes on.
    void destroy_children() noexcept;
    // The same with one of them.
    void destroy(scope_member& child) noexcept;
    bool stop_requested() const noexcept { return stop_.requested(); }
    std::size_t size() const noexcept { return running_; }
    // visit(const spawned_task&) for each that runs.
    template <class Visit>
    void each_task(Visit visit) {
        children_.each([&visit](spawned_task& each) { visit(std::as_const(each)); });
    }
    const environment& env() const noexcept { return env_; }

    class join_awaiter;
    class join_operand;
    // Waits until no child runs. A stop of the waiting task ends it only through the children,
    // which the same stop reaches.
    join_operand join() noexcept;

private:
    friend class scope_member;
    template <class T>
    class child;

    template <class T>
    void start(task<T> task, const char* name, const std::source_location& from);
    void start(scope_member& child) noexcept;
    void report(const std::exception_ptr& exception) noexcept;
    void failed(error why) noexcept;
    void one_done() noexcept;

    stop_node stop_;
    environment env_;
    error_handler on_error_;
    on_failure others_;
    join_awaiter* joiner_ = nullptr;
    std::size_t running_ = 0;
    intrusive_list<spawned_task> children_;
};

class WEIR_API task_scope::join_awaiter final : wait {
public:
    join_awaiter(task_scope& scope, const environment& env) noexcept : wait{env}, scope_{&scope} {}
    ~join_awaiter();

    bool await_ready() const noexcept { return scope_->running_ == 0; }
    void await_suspend(continuation then) noexcept;
    void await_resume() const noexcept {}

private:
    friend class task_scope;
    void on_stop(errc) noexcept override {}

    task_scope* scope_;
};

class [[nodiscard("nothing happens until it is awaited")]] task_scope::join_operand {
public:
    explicit join_operand(task_scope& scope) noexcept : scope_{&scope} {}
    join_awaiter await_with(const environment& env) const noexcept { return {*scope_, env}; }

private:
    task_scope* scope_;
};

inline task_scope::join_operand task_scope::join() noexcept { return join_operand{*this}; }

}  // namespace weir::inline v0
