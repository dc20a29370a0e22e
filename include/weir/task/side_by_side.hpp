// Tasks that run side by side on one loop, awaited together: what when_all and when_any share.
//
// A Whole is made with the number of parts and the awaiting task's environment. It has the parts'
// env(), is told of each end by one_done(index), knows whether all have ended(), keeps with park()
// what goes on then, and makes an answer() of the tuple of outcomes.
#pragma once

#include <coroutine>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include "weir/task/task.hpp"

namespace weir::inline v0 {

// Counts the parts that still run and keeps what goes on after the last.
class countdown {
public:
    explicit countdown(std::size_t parts) noexcept : left_{parts} {}

    bool ended() const noexcept { return left_ == 0; }
    void park(continuation then) noexcept {
        then_ = then;
        parked_ = true;
    }

protected:
    std::coroutine_handle<> count() noexcept {
        if (--left_ > 0 || !parked_) return std::noop_coroutine();
        promise_base::of(then_.frame()).waits_for(nullptr);
        return then_.next();
    }

private:
    std::size_t left_;
    continuation then_;
    bool parked_ = false;
};

template <class T, class Whole>
struct part_seed {
    task<T> child;
    Whole* whole;
    std::size_t index;
};

template <class T, class Whole>
class part final : public completion<T> {
public:
    explicit part(part_seed<T, Whole>&& seed) noexcept : part{seed.child.release(), seed} {}

    void start() { this->child_.resume(); }
    typename completion<T>::stored outcome() {
        if constexpr (std::is_void_v<T>) {
            this->take();
            return {};
        } else {
            return this->take();
        }
    }

private:
    part(std::coroutine_handle<task_promise<T>> child, const part_seed<T, Whole>& seed) noexcept
        : completion<T>{child}, whole_{seed.whole}, index_{seed.index} {
        child.promise().attach(whole_->env(), *this);
    }

    // Answers with the coroutine that goes on.
    std::coroutine_handle<> completed() noexcept override { return whole_->one_done(index_); }

    Whole* whole_;
    std::size_t index_;
};

template <class Whole, class... Ts>
class side_by_side_awaiter final : awaited_tasks {
    using outcomes = std::tuple<typename completion<Ts>::stored...>;

public:
    side_by_side_awaiter(std::tuple<task<Ts>...>&& tasks, const environment& env) noexcept
        : side_by_side_awaiter{std::move(tasks), env, std::index_sequence_for<Ts...>{}} {}

    bool await_ready() {
        std::apply([](auto&... each) { (each.start(), ...); }, parts_);
        return whole_.ended();
    }
    void await_suspend(continuation then) noexcept {
        whole_.park(then);
        promise_base::of(then.frame()).waits_for(this);
    }
    auto await_resume() {
        return whole_.answer(
            std::apply([](auto&... each) { return outcomes{each.outcome()...}; }, parts_));
    }

private:
    void visit(task_visitor& by) const override {
        std::apply([&by](const auto&... each) { (each.visit(by), ...); }, parts_);
    }

    template <std::size_t... Index>
    side_by_side_awaiter(std::tuple<task<Ts>...>&& tasks, const environment& env,
                         std::index_sequence<Index...>) noexcept
        : whole_{sizeof...(Ts), env},
          parts_{part_seed<Ts, Whole>{std::move(std::get<Index>(tasks)), &whole_, Index}...} {}

    Whole whole_;
    std::tuple<part<Ts, Whole>...> parts_;
};

template <class Whole, class... Ts>
class [[nodiscard("nothing happens until it is awaited")]] side_by_side {
public:
    explicit side_by_side(task<Ts>&&... tasks) noexcept : tasks_{std::move(tasks)...} {}

    side_by_side_awaiter<Whole, Ts...> await_with(const environment& env) && noexcept {
        return {std::move(tasks_), env};
    }

private:
    std::tuple<task<Ts>...> tasks_;
};

}  // namespace weir::inline v0
