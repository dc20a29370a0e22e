// A mutex that clang can check: what it guards says so, and a use without it does not compile.
//
// Locks are rare here. A loop owns what it touches; a mutex stands only where several threads must
// share, is held for a few instructions, never across a suspension. A second one is taken in five
// places, always in this order: what is shared (a semaphore or an event, the blocking pool, a
// task on another loop, the queue of writes), then the mailbox of a loop's scheduler or, from that
// queue, a query's turn, or, where the pool ends, that of what its work belongs to. The annotations
// are clang's thread-safety analysis; GCC sees none of them.
//
// std::condition_variable_any waits on a weir::mutex as it is.
#pragma once

#include <mutex>

#if defined(__clang__)
#define WEIR_THREAD_ANNOTATION(what) __attribute__((what))
#else
#define WEIR_THREAD_ANNOTATION(what)
#endif

// On a member: only touched while the mutex is held; behind a pointer: the same for what it
// points to.
#define WEIR_GUARDED_BY(mutex) WEIR_THREAD_ANNOTATION(guarded_by(mutex))
#define WEIR_PT_GUARDED_BY(mutex) WEIR_THREAD_ANNOTATION(pt_guarded_by(mutex))

// On a function: its caller holds the mutex; does not hold it.
#define WEIR_REQUIRES(...) WEIR_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define WEIR_EXCLUDES(...) WEIR_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))

// On a function: takes the mutex; gives it back; takes it where it answers with the first argument.
#define WEIR_ACQUIRE(...) WEIR_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define WEIR_RELEASE(...) WEIR_THREAD_ANNOTATION(release_capability(__VA_ARGS__))
#define WEIR_TRY_ACQUIRE(...) WEIR_THREAD_ANNOTATION(try_acquire_capability(__VA_ARGS__))

// On a type: can be held; holds something for as long as it lives.
#define WEIR_CAPABILITY(name) WEIR_THREAD_ANNOTATION(capability(name))
#define WEIR_SCOPED_CAPABILITY WEIR_THREAD_ANNOTATION(scoped_lockable)

namespace weir::inline v0 {

class WEIR_CAPABILITY("mutex") mutex {
public:
    mutex() noexcept = default;
    mutex(const mutex&) = delete;
    mutex& operator=(const mutex&) = delete;
    ~mutex() = default;

    void lock() WEIR_ACQUIRE() { native_.lock(); }
    void unlock() noexcept WEIR_RELEASE() { native_.unlock(); }
    bool try_lock() noexcept WEIR_TRY_ACQUIRE(true) { return native_.try_lock(); }

private:
    std::mutex native_;
};

// Holds a mutex from here to the end of the block.
class [[nodiscard]] WEIR_SCOPED_CAPABILITY lock_guard {
public:
    explicit lock_guard(mutex& held) WEIR_ACQUIRE(held) : held_{held} { held_.lock(); }
    lock_guard(const lock_guard&) = delete;
    lock_guard& operator=(const lock_guard&) = delete;
    ~lock_guard() WEIR_RELEASE() { held_.unlock(); }

private:
    mutex& held_;
};

}  // namespace weir::inline v0
