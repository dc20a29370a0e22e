#include "weir/io/blocking.hpp"

#include <semaphore>
#include <thread>
#include <utility>
#include <vector>

#include "weir/base/mutex.hpp"

#include "posix.hpp"

namespace weir::inline v0::io {

// Outlives the pool for as long as a thread works.
struct blocking_pool::state {
    explicit state(const blocking_options& options) : limits{options} {}

    const blocking_options limits;
    std::counting_semaphore<> pending{0};
    mutable weir::mutex mutex;
    run_queue queue WEIR_GUARDED_BY(mutex);
    std::size_t queued WEIR_GUARDED_BY(mutex) = 0;
    std::size_t busy WEIR_GUARDED_BY(mutex) = 0;
    bool closed WEIR_GUARDED_BY(mutex) = false;
    struct worker {
        std::thread thread;
        bool busy = false;
    };
    std::vector<std::unique_ptr<worker>> workers WEIR_GUARDED_BY(mutex);

    bool push(blocking_job& job) {
        const lock_guard lock{mutex};
        if (queued == limits.queue) return false;
        queue.push_back(job);
        ++queued;
        return true;
    }
    bool needs_thread() const {
        const lock_guard lock{mutex};
        return busy + queued > workers.size() && workers.size() < limits.threads;
    }
    // Null where the pool is closed, or where there is nothing after all.
    blocking_job* begin(worker& self) {
        const lock_guard lock{mutex};
        if (closed) return nullptr;
        auto* job = static_cast<blocking_job*>(queue.try_pop_front());
        if (job != nullptr) {
            --queued;
            ++busy;
            self.busy = true;
        }
        return job;
    }
    bool end(worker& self, blocking_job& job) {
        const bool unattended = job.home_ == nullptr;
        const bool goes_on = note_end(self, unattended ? nullptr : &job);
        if (unattended) job.let_go();
        return goes_on;
    }
    // Hands what is waited for to its loop, under the lock, so that the loop is still there.
    bool note_end(worker& self, blocking_job* awaited) {
        const lock_guard lock{mutex};
        --busy;
        self.busy = false;
        if (awaited == nullptr) return !closed;
        if (closed || awaited->waiter_ == nullptr) {
            delete awaited;
        } else {
            awaited->posted_ = true;
            awaited->home_->post(*awaited);
        }
        return !closed;
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
};

blocking_pool::blocking_pool(const blocking_options& options)
    : state_{std::make_shared<state>(options)} {}

blocking_pool::~blocking_pool() {
    std::vector<std::thread> idle;
    {
        const lock_guard lock{state_->mutex};
        state_->closed = true;
        while (auto* job = static_cast<blocking_job*>(state_->queue.try_pop_front())) job->let_go();
        for (auto& worker : state_->workers) {
            if (worker->busy) {
                worker->thread.detach();
            } else {
                idle.push_back(std::move(worker->thread));
            }
        }
        state_->pending.release(static_cast<std::ptrdiff_t>(state_->workers.size()));
    }
    for (std::thread& thread : idle) thread.join();
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

bool blocking_pool::submit(blocking_job& job) noexcept {
    if (!state_->push(job)) return false;
    if (state_->needs_thread()) start_thread();
    state_->pending.release();
    return true;
}

void blocking_pool::start_thread() noexcept {
    try {
        const lock_guard lock{state_->mutex};
        auto made = std::make_unique<state::worker>();
        const posix::signals_blocked quiet;
        made->thread = std::thread{[shared = state_, self = made.get()] {
            for (;;) {
                shared->pending.acquire();
                blocking_job* job = shared->begin(*self);
                if (job == nullptr) return;
                job->work();
                if (!shared->end(*self, *job)) return;
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
    if (interrupt_work()) return;
    status_ = reason;
    leave();
    wake();
}

void blocking_waiter::leave() noexcept {
    blocking_job* job = std::exchange(job_, nullptr);
    if (job == nullptr) return;
    if (done_) {
        delete job;
    } else {
        pool_->abandon(*job);
    }
}

void blocking_job::run() noexcept {
    waiter_->done_ = true;
    waiter_->resume_now();
}

}  // namespace weir::inline v0::io
