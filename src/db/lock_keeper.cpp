#include "lock_keeper.hpp"

#include <new>
#include <string_view>
#include <utility>

#include "weir/task/frame_pool.hpp"

#include "resident_reads.hpp"

namespace weir::inline v0::db {
namespace {

constexpr duration after_failure = std::chrono::seconds{1};

// Null where that fails.
sqlite_statement prepared(sqlite3* handle, const char* sql) noexcept {
    sqlite3_stmt* raw = nullptr;
    sqlite3_prepare_v2(handle, sql, -1, &raw, nullptr);
    return sqlite_statement{raw};
}

bool has_log(sqlite3* handle) noexcept {
    const sqlite_statement asked = prepared(handle, "pragma journal_mode");
    if (!asked || sqlite3_step(asked.get()) != SQLITE_ROW) return false;
    const auto* const mode = reinterpret_cast<const char*>(sqlite3_column_text(asked.get(), 0));
    return mode != nullptr && std::string_view{mode} == "wal";
}

// On a thread. Nobody waits for what is not there at once: queries do without it.
sqlite_handle open_at_once(sqlite_place place) noexcept try {
    place.busy_timeout_ms = 0;
    return open_sqlite(place, sqlite_role::reader).value_or(nullptr);
} catch (...) {
    return nullptr;
}

}  // namespace

class lock_keeper::opening final : public io::blocking_job {
public:
    explicit opening(std::shared_ptr<lock_keeper> keeper) noexcept : keeper_{std::move(keeper)} {}
    // Where no thread took it.
    ~opening() override {
        if (keeper_) keeper_->not_opened();
    }

    void work() noexcept override {
        const std::shared_ptr<lock_keeper> keeper = std::move(keeper_);
        if (keeper->begin_opening()) keeper->opened(open_at_once(keeper->place_));
    }

private:
    std::shared_ptr<lock_keeper> keeper_;
};

// A loop that has the lock kept, until its turn has ended.
class lock_keeper::stay final : public runnable, public list_hook<stay_tag> {
public:
    static void* operator new(std::size_t size) { return frame_pool::allocate(size); }
    static void operator delete(void* memory, std::size_t size) noexcept {
        frame_pool::release(memory, size);
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

lock_keeper::lock_keeper(sqlite_place place, io::blocking_pool& threads)
    : place_{std::move(place)}, threads_{&threads} {}

// Every stay shares in it.
lock_keeper::~lock_keeper() = default;

// Another loop that is at it now is not waited for.
void lock_keeper::keep_on(scheduler& loop) noexcept {
    if (!mutex_.try_lock()) return;
    if (handle_) join(loop);
    const bool opens = !handle_ && may_open(io::blocking_pool::now());
    if (opens) opening_ = opening_phase::queued;
    mutex_.unlock();
    if (opens) launch();
}

void lock_keeper::join(scheduler& loop) noexcept try {
    if (leaving_ || knows(loop)) return;
    auto mine = std::make_unique<stay>(shared_from_this(), loop);
    if (stays_.empty() && !hold()) return;
    ++turns_;
    stays_.push_back(*mine);
    loop.at_turn_end(*mine.release());
} catch (const std::bad_alloc&) {
    return;  // each query then asks for the lock itself
}

bool lock_keeper::knows(const scheduler& loop) noexcept {
    bool found = false;
    stays_.each_while([&](const stay& each) { return !(found = each.is_of(loop)); });
    return found;
}

// No disk and no lock is waited for: this is a loop.
bool lock_keeper::hold() noexcept {
    const time_point now = io::blocking_pool::now();
    if (now < free_until_) return false;
    kept_since_ = now;
    const resident_reads from_memory;
    if (sqlite3_step(reading_.get()) == SQLITE_ROW) return true;
    forget_connection();
    return false;
}

void lock_keeper::leave(stay& one) noexcept {
    const lock_guard lock{mutex_};
    one.list_hook<stay_tag>::unlink();
    leaving_ = !stays_.empty();
    if (!leaving_ && reading_) let_go();
}

void lock_keeper::let_go() noexcept {
    sqlite3_reset(reading_.get());
    const time_point now = io::blocking_pool::now();
    free_until_ = now + (now - kept_since_);
}

void lock_keeper::forget_connection() noexcept {
    reading_.reset();
    handle_.reset();
    next_opening_ = io::blocking_pool::now() + after_failure;
}

bool lock_keeper::may_open(time_point now) const noexcept {
    return !closed_ && opening_ == opening_phase::none && now >= next_opening_;
}

void lock_keeper::launch() noexcept {
    std::unique_ptr<opening> job;
    try {
        job = std::make_unique<opening>(shared_from_this());
    } catch (const std::bad_alloc&) {
        return not_opened();
    }
    threads_->run_unattended(*job.release());
}

bool lock_keeper::begin_opening() noexcept {
    const lock_guard lock{mutex_};
    opening_ = closed_ ? opening_phase::none : opening_phase::begun;
    return !closed_;
}

void lock_keeper::not_opened() noexcept {
    const lock_guard lock{mutex_};
    opening_ = opening_phase::none;
    next_opening_ = io::blocking_pool::now() + after_failure;
}

void lock_keeper::opened(sqlite_handle handle) noexcept {
    // Begins to read, and stays at its only row until it is reset; needs the first page alone.
    sqlite_statement reading = handle ? prepared(handle.get(), "pragma user_version") : nullptr;
    // Without a log a writer would have to wait for it.
    const bool useless = reading && !has_log(handle.get());
    const lock_guard lock{mutex_};
    if (reading && !useless && !closed_) {
        handle_ = std::move(handle);
        reading_ = std::move(reading);
    }
    reading.reset();
    handle.reset();  // before whoever closes goes on
    next_opening_ = useless ? never : io::blocking_pool::now() + after_failure;
    opening_ = opening_phase::none;
    changed_.notify_all();
}

void lock_keeper::close() noexcept {
    const lock_guard lock{mutex_};
    closed_ = true;
    while (opening_ == opening_phase::begun) changed_.wait(mutex_);
    reading_.reset();
    handle_.reset();
}

std::uint64_t lock_keeper::turns() const noexcept {
    const lock_guard lock{mutex_};
    return turns_;
}

}  // namespace weir::inline v0::db
