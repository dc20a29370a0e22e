#include "weir/io/runtime.hpp"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <system_error>

#include <sched.h>

#include "posix.hpp"

namespace weir::inline v0::io {
namespace {

unsigned affinity_cpus() noexcept {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (::sched_getaffinity(0, sizeof set, &set) != 0) return 1;
    return static_cast<unsigned>(std::max(1, CPU_COUNT(&set)));
}

// Whole ones. cgroup v2: "max 100000" or "150000 100000". No file, no quota.
long quota_cpus() noexcept {
    constexpr long all = std::numeric_limits<long>::max();
    std::FILE* file = std::fopen("/sys/fs/cgroup/cpu.max", "re");
    if (file == nullptr) return all;
    long quota = 0, period = 0;
    const int read = std::fscanf(file, "%ld %ld", &quota, &period);
    (void)std::fclose(file);
    if (read != 2 || period <= 0) return all;
    return quota / period;
}

}  // namespace

unsigned usable_cpus() noexcept {
    const long most = std::min<long>(affinity_cpus(), quota_cpus());
    return static_cast<unsigned>(std::max(1L, most));
}

// A ring may be refused though others were not, as when memory is short: then no loop has one.
runtime::runtime(const runtime_options& options) : blocking_{options.blocking} {
    const bool chooses = !options.make_engine && options.engine == engine_kind::automatic;
    try {
        make_loops(options, chooses ? engine_kind::uring : options.engine);
    } catch (const std::system_error& refused) {
        if (!chooses) throw;
        uring_ = fail(errc::unsupported, refused.what());
        loops_.clear();
        make_loops(options, engine_kind::epoll);
    }
}

void runtime::make_loops(const runtime_options& options, engine_kind engine) {
    const unsigned count = options.loops == 0 ? usable_cpus() : options.loops;
    for (unsigned index = 0; index < count; ++index) {
        loop_options each;
        each.index = index;
        each.slabs = options.slabs;
        each.assembly_bytes = options.assembly_bytes;
        loops_.push_back(std::make_unique<loop>(
            [&](slab_pool& slabs) {
                return options.make_engine ? options.make_engine(slabs)
                                           : make_engine(engine, slabs);
            },
            each));
    }
}

runtime::~runtime() {
    for (const auto& each : loops_) each->dismiss_guests();
}

void runtime::run(task<> main) {
    ending_.store(false);
    std::vector<std::jthread> threads;
    for (std::size_t index = 1; index < loops_.size(); ++index) {
        const posix::signals_blocked quiet;
        threads.emplace_back([this, own = loops_[index].get()] {
            while (!ending_.load(std::memory_order_acquire)) own->turn();
        });
    }
    struct ending {
        runtime* self;
        ~ending() { self->end_others(); }
    } const at_end{this};
    loops_[0]->run(std::move(main));
}

void runtime::end_others() noexcept {
    ending_.store(true, std::memory_order_release);
    for (std::size_t index = 1; index < loops_.size(); ++index) loops_[index]->engine().wake();
}

}  // namespace weir::inline v0::io
