// A disk whose syncs fail when a test says so: SQLite's own, with one call replaced.
#pragma once

#include <atomic>
#include <cstring>
#include <map>
#include <mutex>
#include <stdexcept>

#include <sqlite3.h>

namespace weir::inline v0::db {

class failing_vfs {
public:
    // What is opened while it lives is on that disk; afterwards the process's default is the usual
    // one again. One at a time.
    class mounted {
    public:
        mounted() { only().make_default(true); }
        mounted(const mounted&) = delete;
        mounted& operator=(const mounted&) = delete;
        ~mounted() {
            only().fail_syncs(false);
            only().make_default(false);
        }
        failing_vfs& operator*() const noexcept { return only(); }
    };
    failing_vfs(const failing_vfs&) = delete;
    failing_vfs& operator=(const failing_vfs&) = delete;

    void fail_syncs(bool fail) noexcept { fails_ = fail; }

private:
    failing_vfs() : real_{sqlite3_vfs_find(nullptr)}, mine_{*real_} {
        mine_.zName = "failing";
        mine_.pAppData = this;
        mine_.xOpen = open;
        if (sqlite3_vfs_register(&mine_, 0) != SQLITE_OK) throw std::runtime_error{"vfs"};
    }

    // Files may be open longer than it is the default: it lives as long as the process.
    static failing_vfs& only() {
        static failing_vfs only;
        return only;
    }

    void make_default(bool on) { sqlite3_vfs_register(on ? &mine_ : real_, 1); }

    // A file keeps its real methods but for xSync; the tables live as long as the process.
    static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) {
        auto& self = *static_cast<failing_vfs*>(vfs->pAppData);
        const int code = self.real_->xOpen(self.real_, name, file, flags, out);
        if (file->pMethods != nullptr) file->pMethods = self.replaced(file->pMethods);
        return code;
    }

    const sqlite3_io_methods* replaced(const sqlite3_io_methods* real) {
        const std::lock_guard lock{mutex_};
        sqlite3_io_methods& table = tables_.try_emplace(real, *real).first->second;
        real_sync_ = real->xSync;
        table.xSync = sync;
        return &table;
    }

    static int sync(sqlite3_file* file, int flags) {
        failing_vfs& self = only();
        return self.fails_ ? SQLITE_IOERR_FSYNC : self.real_sync_.load()(file, flags);
    }

    sqlite3_vfs* real_;
    sqlite3_vfs mine_;
    std::mutex mutex_;
    std::map<const sqlite3_io_methods*, sqlite3_io_methods> tables_;
    std::atomic<int (*)(sqlite3_file*, int)> real_sync_ = nullptr;
    std::atomic<bool> fails_ = false;
};

}  // namespace weir::inline v0::db
