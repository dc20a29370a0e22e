#include "lock_keeper.hpp"

#include <new>
#include <utility>

#include "weir/task/frame_pool.hpp"

#include "resident_reads.hpp"

namespace weir::inline v0::db {
namespace {

// Begins to read, and stays at its only row until it is reset; needs the first page alone.
constexpr const char* begin_reading = "pragma user_version";

constexpr duration after_failure = std::chrono::seconds{1};

sqlite_statement prepare(sqlite3* handle) noexcept {
    sqlite3_busy_handler(handle, nullptr, nullptr);
    sqlite3_stmt* prepared = nullptr;
    sqlite3_prepare_v2(handle, begin_reading, -1, &prepared, nullptr);
    return sqlite_statement{prepared};
}

}  // namespace

class lock_keeper::opening final : public io::blocking_job {
public:
    explicit opening(std::shared_ptr<lock_keeper> keeper) noexcept : keeper_{std::move(keeper)} {}
    // Where no thread took it.
    ~opening() override {
        if (keeper_) keeper_->opened(nullptr);
    }

    void work() noexcept override {
        const std::shared_ptr<lock_keeper> keeper = std::move(keeper_);
        keeper->opened(open(keeper->place_));
    }

private:
    static sqlite_handle open(const sqlite_place& place) noexcept try {
        return open_sqlite(place, sqlite_role::reader).value_or(nullptr);
    } catch (...) {
        return nullptr;
    }

    std::shared_ptr<lock_keeper> keeper_;
};

// A loop that has the lock kept, until its turn has ended.
class lock_keeper::stay final : public runnable, public list_hook<stay_tag> {
public:
    static void* operator new(std::size_t size) { return frame_pool::allocate(size); }
    static void operator delete(void* block, std::size_t size) noexcept {
        frame_pool::release(block, size);
    }

    stay(std::shared_ptr<lock_keeper> keeper, scheduler& loop) noexcept
        : keeper_{std::move(keeper)}, loop_{&loop} {}

    bool is_of(const scheduler& loop) const noexcept { return loop_ == &loop; }
    void run() noexcept override {
        const std::unique_ptr<stay> last_breath{this};
        keeper_->leave(*this);
    }

private:
    std::shared_ptr<lock_keeper> keeper_;
    scheduler* loop_;
};

lock_keeper::lock_keeper(sqlite_place place, io::blocking_pool& threads) noexcept
    : place_{std::move(place)}, threads_{&threads} {}

// Every stay shares in it.
lock_keeper::~lock_keeper() = default;

void lock_keeper::keep_on(scheduler& loop) noexcept try {
    {
        const lock_guard lock{mutex_};
        if (handle_) return join(loop);
        if (!may_open()) return;
        opening_ = true;
    }
    launch();
} catch (const std::bad_alloc&) {
    return;  // each query then asks for the lock itself
}

void lock_keeper::join(scheduler& loop) {
    bool known = false;
    stays_.each([&](const stay& each) { known = known || each.is_of(loop); });
    if (known || leaving_) return;
    auto mine = std::make_unique<stay>(shared_from_this(), loop);
    if (stays_.empty() && !hold()) return;
    stays_.push_back(*mine);
    loop.at_turn_end(*mine.release());
}

// No disk and no lock is waited for: this is a loop.
bool lock_keeper::hold() noexcept {
    const resident_reads from_memory;
    if (sqlite3_step(reading_.get()) == SQLITE_ROW) return true;
    sqlite3_reset(reading_.get());
    return false;
}

void lock_keeper::leave(stay& one) noexcept {
    const lock_guard lock{mutex_};
    one.list_hook<stay_tag>::unlink();
    leaving_ = !stays_.empty();
    if (!leaving_ && reading_) sqlite3_reset(reading_.get());
}

bool lock_keeper::may_open() const noexcept {
    return !closed_ && !opening_ && io::blocking_pool::now() >= next_opening_;
}

void lock_keeper::launch() noexcept {
    std::unique_ptr<opening> job;
    try {
        job = std::make_unique<opening>(shared_from_this());
    } catch (const std::bad_alloc&) {
        return opened(nullptr);
    }
    threads_->run_unattended(*job.release());
}

void lock_keeper::opened(sqlite_handle handle) noexcept {
    sqlite_statement reading = handle ? prepare(handle.get()) : nullptr;
    const lock_guard lock{mutex_};
    if (closed_) {
        reading.reset();
        handle.reset();
    } else if (reading) {
        handle_ = std::move(handle);
        reading_ = std::move(reading);
    } else {
        next_opening_ = io::blocking_pool::now() + after_failure;
    }
    opening_ = false;
    changed_.notify_all();
}

void lock_keeper::close() noexcept {
    const lock_guard lock{mutex_};
    closed_ = true;
    while (opening_) changed_.wait(mutex_);
    reading_.reset();
    handle_.reset();
}

}  // namespace weir::inline v0::db
