// A run of a load: connections, the pace at which requests leave, and what is counted when.
//
// Belongs to one loop, which is all of its CPU: requests per CPU second are the loop's. The clock
// is the engine's, which does not leave out what stalled this process.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "weir/base/intrusive_list.hpp"
#include "weir/io/loop.hpp"
#include "weir/net/connection_options.hpp"
#include "weir/task/scope.hpp"
#include "weir/task/task.hpp"

#include "app/load/caller.hpp"
#include "app/load/dialogue.hpp"
#include "app/load/load_options.hpp"
#include "app/load/schedule.hpp"
#include "app/load/tally.hpp"

namespace weir::app {

// How far a run is.
struct load_moment {
    bool warming_up = false;
    duration since_begin{};  // of the warm-up, or else of what counts
    const tally* counted = nullptr;
};

class load_run final : runnable, timer, caller::owner {
public:
    // Asked every tenth of a second; false ends the run early.
    using watcher = std::move_only_function<bool(const load_moment& now)>;
    // Told when what counts begins and when it has ended.
    using boundary = std::move_only_function<void()>;

    // Lifetime: loop and script outlive the run.
    load_run(io::loop& loop, const load_options& options, script& script);
    load_run(const load_run&) = delete;
    load_run& operator=(const load_run&) = delete;
    ~load_run();

    // Ends by itself: warm_up, length, and in an open loop at most the timeout of what is still in
    // flight.
    task<> carry_out(watcher watch, boundary at_boundary);

    const tally& counted() const noexcept { return counted_; }
    // How long what counts took.
    duration measured() const noexcept { return measured_; }

private:
    enum class phase : std::uint8_t { warming_up, counting, answering, over };

    // --- what callers ask
    io::loop& loop() noexcept override { return *loop_; }
    const load_options& options() const noexcept override { return *options_; }
    const net::connection_options& connections() const noexcept override { return connection_; }
    bool ended() const noexcept override { return phase_ >= phase::answering; }
    std::optional<time_point> next_due(time_point now) noexcept override;
    void idle(caller& who) noexcept override;
    void answered(const caller::sent& request, time_point now, const heard& answer) override;
    void failed(failure why, std::uint64_t requests) noexcept override;

    // --- the pace
    void run() noexcept override { send_due(); }
    void on_expiry() noexcept override { send_due(); }
    void send_due() noexcept;

    task<bool> watch_until(time_point end);
    task<> answer_rest();
    bool counts(const caller::sent& request) const noexcept;
    time_point now() noexcept { return loop_->engine().now(); }

    io::loop* loop_;
    const load_options* options_;
    net::connection_options connection_;
    std::optional<schedule> schedule_;
    watcher watch_;
    phase phase_ = phase::warming_up;
    time_point counted_from_ = never;
    duration measured_{};
    tally counted_;
    intrusive_list<caller, idle_tag> idle_;
    std::vector<std::unique_ptr<caller>> callers_;
    task_scope scope_;
};

}  // namespace weir::app
