#include "group_writer.hpp"

#include <utility>

#include "weir/task/this_env.hpp"

#include "write_awaiter.hpp"

namespace weir::inline v0::db {

// A write in the frame of its task, taken back on every way out.
class group_writer::entry {
public:
    entry(write_queue& queue, std::string_view sql, const params& bound,
          const query_options& options) noexcept
        : queue_{queue}, write_{sql, bound, options} {}
    entry(const entry&) = delete;
    entry& operator=(const entry&) = delete;
    ~entry() { queue_.abandon(write_); }

    write_request& write() noexcept { return write_; }
    bool leads() const noexcept { return queue_.leads(write_); }

    result<rows> outcome(const stop_node& stop) {
        sqlite_query& query = write_.query;
        if (query.interrupted) return fail(stop.requested() ? stop.reason() : errc::canceled);
        if (query.failure) return fail(std::move(*query.failure));
        return rows{std::move(query.answer)};
    }

private:
    write_queue& queue_;
    write_request write_;
};

task<result<rows>> group_writer::write(std::string_view sql, params bound, query_options options) {
    const environment& env = co_await this_env{};
    if (env.stop().requested()) co_return fail(env.stop().reason());
    entry entry{queue_, sql, bound, options};
    const duration limit = writer_->limits().acquire_timeout;
    write_operand answered{queue_, entry.write(), limit};
    co_await answered;
    while (entry.leads()) {
        auto lease = co_await writer_->acquire();
        if (!lease && lease.error() == errc::timed_out && !env.stop().requested())
            co_return fail(errc::overloaded);
        if (!lease) co_return fail(std::move(lease.error()));
        launch(entry.write(), std::move(*lease));
        co_await answered;
    }
    co_return entry.outcome(env.stop());
}

void group_writer::launch(write_request& leader, pool::lease<connection> lease) noexcept {
    queue_.launch(leader);
    job_.lease = std::move(lease);
    threads_->run_unattended(job_);
}

void group_writer::job::work() noexcept {
    writer->run_groups(*lease);
    lease.release();
}

void group_writer::job::let_go() noexcept {
    if (!lease) return writer->queue_.retire();
    // No thread took it.
    lease.release();
    writer->queue_.refuse_leader(errc::overloaded);
}

void group_writer::run_groups(connection& on) noexcept {
    while (const std::size_t statements = queue_.take_group()) {
        const time_point began = io::blocking_pool::now();
        on.run_group(queue_);
        note(statements, io::blocking_pool::now() - began);
        if (!on.usable() || writer_->counts().waiting > 0) break;
    }
}

void group_writer::observe(const group_metrics& told) noexcept {
    const lock_guard lock{mutex_};
    told_ = told;
}

void group_writer::note(std::size_t statements, duration took) noexcept {
    groups_.fetch_add(1, std::memory_order_relaxed);
    grouped_.fetch_add(statements, std::memory_order_relaxed);
    const lock_guard lock{mutex_};
    told_.statements.observe(std::chrono::seconds{statements});
    told_.took.observe(took);
}

}  // namespace weir::inline v0::db
