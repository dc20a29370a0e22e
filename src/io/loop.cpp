#include "weir/io/loop.hpp"

#include <algorithm>

namespace weir::inline v0::io {
namespace {

using namespace std::chrono_literals;

// Being late by more than this is not waiting any more: the process was stopped, or starved.
constexpr duration latest = 1s;

struct ending {
    bool came = false;
    std::exception_ptr thrown;
};

}  // namespace

loop::loop(engine_factory make, const loop_options& options)
    : index_{options.index},
      slabs_{options.slabs},
      assemblies_{options.assembly_bytes != 0 ? options.assembly_bytes : options.slabs * slab_size},
      engine_{make(slabs_)},
      scheduler_{engine_->now()} {
    scheduler_.set_waker(engine_.get());
}

loop::~loop() {
    dismiss_guests();
    const frame_pool::use frames{frames_};
    scheduler_.end_turn();
}

void loop::turn(time_point until) noexcept {
    const frame_pool::use frames{frames_};
    scheduler_.advance(scheduler_.now());
    scheduler_.run_ready();
    scheduler_.end_turn();
    expected_ = sleep_limit(until);
    engine_->poll(engine_limit());
    scheduler_.end_sleep();
    scheduler_.observe(loop_time());
    engine_->complete();
    scheduler_.end_turn();
}

void loop::admit(guest& one) noexcept {
    const lock_guard lock{guests_mutex_};
    guests_.push_back(one);
}

void loop::let_go(guest& one) noexcept {
    const lock_guard lock{guests_mutex_};
    one.unlink();
}

void loop::dismiss_guests() noexcept {
    const frame_pool::use frames{frames_};
    for (;;) {
        guest* last = nullptr;
        {
            const lock_guard lock{guests_mutex_};
            last = guests_.try_pop_back();
        }
        if (last == nullptr) return;
        last->dismiss();
    }
}

time_point loop::loop_time() noexcept {
    const time_point now = read_clock();
    // Both a wait that ended too late and a turn that took too long count.
    if (expected_ == never || now <= expected_ + latest) return now;
    shift_ += now - expected_;
    return expected_;
}

time_point loop::sleep_limit(time_point until) noexcept {
    if (!scheduler_.idle() || !scheduler_.prepare_sleep()) return scheduler_.now();
    return std::min(until, scheduler_.next_expiry());
}

// When the wait ends at the latest, by the engine's clock.
time_point loop::engine_limit() const noexcept {
    if (expected_ == never) return never;
    return expected_ <= scheduler_.now() ? at_once : expected_ + shift_;
}

void loop::run(task<> main) {
    const frame_pool::use frames{frames_};
    ending end;
    const auto root = [](task<> inner, ending& of, io::engine& engine) -> task<> {
        try {
            co_await std::move(inner);
        } catch (...) {
            of.thrown = std::current_exception();
        }
        of.came = true;
        engine.wake();  // this turn is not to wait for more
    };
    task_scope scope{env_, [](const error&) {}};
    scope.spawn(root(std::move(main), end, *engine_), "main");
    while (!end.came) turn();
    if (end.thrown) std::rethrow_exception(end.thrown);
}

}  // namespace weir::inline v0::io
