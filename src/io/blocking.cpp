#include "weir/io/blocking.hpp"

#include <condition_variable>
#include <thread>
#include <utility>
#include <vector>

#include "weir/base/mutex.hpp"

#include "parker.hpp"
#include "posix.hpp"

namespace weir::inline v0::io {

// Outlives the pool for as long as a thread works.
//
// Waking a thread costs more than most work does. So one sleeping worker at a time is called, and
// calls the next where it leaves work behind: those who are awake finish a burst of short work, and
// where one of them blocks, the next runs. Who fell asleep last is called first, whose caches are
// warm. Nobody is woken under the lock: on one processor whoever is woken may run at once, and
// would wait for it.
struct blocking_pool::state {
    explicit state(const blocking_options& options) : limits{options} {}

    struct worker {
        std::thread thread;
        parker place;
        bool busy = false;
        worker* below = nullptr;  // among those who sleep
    };

    const blocking_options limits;
    mutable weir::mutex mutex;
    run_queue queue WEIR_GUARDED_BY(mutex);
    std::size_t queued WEIR_GUARDED_BY(mutex) = 0;
    std::size_t busy WEIR_GUARDED_BY(mutex) = 0;
    worker* asleep WEIR_GUARDED_BY(mutex) = nullptr;  // the last to fall asleep
    worker* coming WEIR_GUARDED_BY(mutex) = nullptr;  // was called, and is not awake yet
    bool closed WEIR_GUARDED_BY(mutex) = false;
    std::condition_variable_any ended;
    unsigned awaited WEIR_GUARDED_BY(mutex) = 0;  // jobs whose end blocks a loop
    std::vector<std::unique_ptr<worker>> workers WEIR_GUARDED_BY(mutex);

    bool push(blocking_job& job) {
        worker* next = nullptr;
        {
            const lock_guard lock{mutex};
            if (queued == limits.queue) return false;
            queue.push_back(job);
            ++queued;
            next = next_to_call();
        }
        if (next != nullptr) next->place.call();
        return true;
    }
    bool needs_thread() const {
        const lock_guard lock{mutex};
        return busy + queued > workers.size() && workers.size() < limits.threads;
    }
    // Waits for work. Null where the pool is closed.
    blocking_job* begin(worker& self) {
        for (;;) {
            blocking_job* job = nullptr;
            worker* next = nullptr;
            {
                const lock_guard lock{mutex};
                if (coming == &self) coming = nullptr;
                if (closed) return nullptr;
                job = take(self);
                next = next_to_call();
                if (job == nullptr) fall_asleep(self);
            }
            if (next != nullptr) next->place.call();
            if (job != nullptr) return job;
            self.place.park();
        }
    }
    void end(worker& self, blocking_job& job) {
        if (job.home_ == nullptr) {
            note_end(self);
            return job.let_go();
        }
        // The pool's end joins a worker that is not busy: the loop is there until then.
        if (scheduler* const asleep_home = give_back(self, job)) asleep_home->wake();
    }
    bool revoke(blocking_job& job) {
        const lock_guard lock{mutex};
        if (job.posted_ || !job.linked()) return false;
        job.unlink();
        --queued;
        return true;
    }
    void await_end(blocking_job& job) {
        const lock_guard lock{mutex};
        ++awaited;
        while (!job.posted_) ended.wait(mutex);
        --awaited;
        job.home_->withdraw(job);
        delete &job;
    }
    // The loop that it was posted to may turn no more.
    void abandon(blocking_job& job) {
        const lock_guard lock{mutex};
        if (!job.posted_) {
            job.waiter_ = nullptr;
            return;
        }
        job.home_->withdraw(job);
        delete &job;
    }

private:
    blocking_job* take(worker& self) WEIR_REQUIRES(mutex) {
        auto* job = static_cast<blocking_job*>(queue.try_pop_front());
        if (job == nullptr) return nullptr;
        --queued;
        ++busy;
        self.busy = true;
        return job;
    }
    void fall_asleep(worker& self) WEIR_REQUIRES(mutex) {
        self.below = std::exchange(asleep, &self);
    }
    worker* next_to_call() WEIR_REQUIRES(mutex) {
        if (queued == 0 || asleep == nullptr || coming != nullptr) return nullptr;
        coming = std::exchange(asleep, asleep->below);
        return coming;
    }
    void put_down(worker& self) WEIR_REQUIRES(mutex) {
        --busy;
        self.busy = false;
    }
    void note_end(worker& self) {
        const lock_guard lock{mutex};
        put_down(self);
    }
    // To whoever waits for it, on its loop; the loop, where it sleeps and is to be woken.
    scheduler* give_back(worker& self, blocking_job& job) {
        const lock_guard lock{mutex};
        put_down(self);
        if (closed || job.waiter_ == nullptr) {
            delete &job;
            return nullptr;
        }
        job.posted_ = true;
        if (awaited > 0) ended.notify_all();
        scheduler* const home = job.home_;
        return home->post_quietly(job) ? home : nullptr;
    }
};

blocking_pool::blocking_pool(const blocking_options& options)
    : state_{std::make_shared<state>(options)} {}

blocking_pool::~blocking_pool() {
    std::vector<state::worker*> idle;
    {
        const lock_guard lock{state_->mutex};
        state_->closed = true;
        while (auto* job = static_cast<blocking_job*>(state_->queue.try_pop_front())) job->let_go();
        for (auto& worker : state_->workers) {
            if (worker->busy) {
                worker->thread.detach();
            } else {
                idle.push_back(worker.get());
            }
        }
    }
    for (state::worker* worker : idle) worker->place.call();
    for (state::worker* worker : idle) worker->thread.join();
}

time_point blocking_pool::now() noexcept { return posix::monotonic_now(); }

std::size_t blocking_pool::busy() const noexcept {
    const lock_guard lock{state_->mutex};
    return state_->busy;
}

std::size_t blocking_pool::queued() const noexcept {
    const lock_guard lock{state_->mutex};
    return state_->queued;
}

void blocking_pool::run_unattended(blocking_job& job) noexcept {
    if (!submit(job)) job.let_go();
}

void blocking_pool::abandon(blocking_job& job) noexcept { state_->abandon(job); }

bool blocking_pool::revoke(blocking_job& job) noexcept { return state_->revoke(job); }

void blocking_pool::await_end(blocking_job& job) noexcept { state_->await_end(job); }

bool blocking_pool::submit(blocking_job& job) noexcept {
    if (!state_->push(job)) return false;
    if (state_->needs_thread()) start_thread();
    return true;
}

void blocking_pool::start_thread() noexcept {
    try {
        const lock_guard lock{state_->mutex};
        auto made = std::make_unique<state::worker>();
        const posix::signals_blocked quiet;
        made->thread = std::thread{[shared = state_, self = made.get()] {
            while (blocking_job* job = shared->begin(*self)) {
                job->work();
                shared->end(*self, *job);
            }
        }};
        state_->workers.push_back(std::move(made));
    } catch (...) {
        // No memory or no thread: those that run take the work. Where none runs, it waits until its
        // deadline, and the next piece of work tries again.
        return;
    }
}

bool blocking_waiter::submit(std::unique_ptr<blocking_job> job) noexcept {
    if (stopped()) {
        status_ = stop_reason();
        return true;
    }
    job->home_ = &env().scheduler();
    job->waiter_ = this;
    if (!pool_->submit(*job)) {
        status_ = errc::overloaded;
        return true;
    }
    job_ = job.release();
    return false;
}

void blocking_waiter::on_stop(errc reason) noexcept {
    if (!revoke()) interrupted_ = interrupt_work();
    if (interrupted_) return;
    status_ = reason;
    leave();
    wake();
}

void blocking_waiter::leave() noexcept {
    if (revoke()) return;
    blocking_job* job = std::exchange(job_, nullptr);
    if (job == nullptr) return;
    if (done_) {
        delete job;
    } else {
        pool_->abandon(*job);
    }
}

// Whether it had not begun: then it is gone, its place in the queue is free, and it never will.
bool blocking_waiter::revoke() noexcept {
    if (job_ == nullptr || done_ || !pool_->revoke(*job_)) return false;
    delete std::exchange(job_, nullptr);
    return true;
}

void blocking_waiter::end_work() noexcept {
    if (revoke() || job_ == nullptr || done_) return;
    blocking_job& job = *std::exchange(job_, nullptr);
    if (!interrupted_) (void)interrupt_work();
    pool_->await_end(job);
}

void blocking_job::run() noexcept {
    waiter_->done_ = true;
    waiter_->resume_now();
}

}  // namespace weir::inline v0::io
