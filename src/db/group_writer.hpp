// Runs writes in groups: what queued while one group was committed is the next.
//
// The first write that finds nobody at work leads: its task fetches the one connection that writes,
// in turn with sessions, and hands it to a thread. The thread runs group after group for as long as
// there are writes and no session waits; then whoever is first leads again. From any loop.
#pragma once

#include <atomic>
#include <cstdint>

#include "weir/base/mutex.hpp"
#include "weir/db/connection.hpp"
#include "weir/db/group_metrics.hpp"
#include "weir/io/blocking.hpp"
#include "weir/pool/pool.hpp"

#include "write_queue.hpp"

namespace weir::inline v0::db {

class group_writer {
public:
    group_writer(pool::pool<connection>& writer, io::blocking_pool& threads,
                 const group_options& limits) noexcept
        : writer_{&writer}, threads_{&threads}, queue_{limits} {}

    // See database::write().
    task<result<rows>> write(std::string_view sql, params bound, query_options options);

    void observe(const group_metrics& told) noexcept WEIR_EXCLUDES(mutex_);
    std::uint64_t groups() const noexcept { return groups_.load(std::memory_order_relaxed); }
    std::uint64_t grouped() const noexcept { return grouped_.load(std::memory_order_relaxed); }
    std::size_t waiting() const noexcept { return queue_.waiting(); }

private:
    class entry;
    // The thread's work, one at a time. The queue's destructor waits until it is let go.
    struct job final : io::blocking_job {
        explicit job(group_writer& of) noexcept : writer{&of} {}
        void work() noexcept override;
        void let_go() noexcept override;

        group_writer* writer;
        pool::lease<connection> lease;
    };

    void launch(write_request& leader, pool::lease<connection> lease) noexcept;
    void run_groups(connection& on) noexcept;
    void note(std::size_t statements, duration took) noexcept WEIR_EXCLUDES(mutex_);

    pool::pool<connection>* writer_;
    io::blocking_pool* threads_;
    std::atomic<std::uint64_t> groups_ = 0;
    std::atomic<std::uint64_t> grouped_ = 0;
    mutex mutex_;
    group_metrics told_ WEIR_GUARDED_BY(mutex_);
    job job_{*this};
    // Last: it is destroyed first, and waits for the thread that may be at work.
    write_queue queue_;
};

}  // namespace weir::inline v0::db
