#include "resident_reads.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

namespace weir::inline v0::db {
namespace {

// Of the thread that asks SQLite.
constinit thread_local bool only_resident = false;

// SQLite's Unix VFS reads by a table of system calls that may be exchanged. These two differ from
// what they replace by one test, on threads that never asked for it.
ssize_t read_resident(int descriptor, void* into, std::size_t size, off64_t offset) noexcept {
    if (!only_resident) return ::pread64(descriptor, into, size, offset);
    const iovec whole{into, size};
    return ::preadv64v2(descriptor, &whole, 1, offset, RWF_NOWAIT);
}

// A wait for a lock that SQLite makes by sleeping a little, again and again.
int sleep_unless_resident(sqlite3_vfs* vfs, int microseconds) {
    if (only_resident) return 0;
    auto* const system = static_cast<sqlite3_vfs*>(sqlite3_vfs_find("unix"));
    return system->xSleep(vfs, microseconds);
}

bool replace_read(sqlite3_vfs& vfs, const char* name) noexcept {
    if (vfs.xGetSystemCall(&vfs, name) == nullptr) return false;
    const auto call = reinterpret_cast<sqlite3_syscall_ptr>(&read_resident);
    return vfs.xSetSystemCall(&vfs, name, call) == SQLITE_OK;
}

// A copy of SQLite's own, under a name of its own. It lives as long as the process.
class resident_vfs {
public:
    static resident_vfs& installed() noexcept {
        static resident_vfs only;
        return only;
    }
    const sqlite3_vfs* get() const noexcept { return registered_ ? &copy_ : nullptr; }

private:
    resident_vfs() noexcept {
        sqlite3_vfs* const system = sqlite3_vfs_find("unix");
        if (system == nullptr || system->iVersion < 3) return;
        // Which of the two SQLite uses was settled when it was built.
        const bool plain = replace_read(*system, "pread");
        const bool large = replace_read(*system, "pread64");
        if (!plain && !large) return;
        copy_ = *system;
        copy_.zName = "weir";
        copy_.xSleep = sleep_unless_resident;
        registered_ = sqlite3_vfs_register(&copy_, 0) == SQLITE_OK;
    }

    sqlite3_vfs copy_{};
    bool registered_ = false;
};

bool unix_is_default() noexcept {
    const sqlite3_vfs* const usual = sqlite3_vfs_find(nullptr);
    return usual != nullptr && std::string_view{usual->zName} == "unix";
}

}  // namespace

const char* resident_reads::vfs_name() noexcept {
    if (!unix_is_default()) return nullptr;
    const sqlite3_vfs* const ours = resident_vfs::installed().get();
    return ours == nullptr ? nullptr : ours->zName;
}

bool resident_reads::possible(sqlite3* handle) noexcept {
    const sqlite3_vfs* used = nullptr;
    sqlite3_file_control(handle, "main", SQLITE_FCNTL_VFS_POINTER, static_cast<void*>(&used));
    return used != nullptr && used == resident_vfs::installed().get();
}

resident_reads::resident_reads() noexcept { only_resident = true; }
resident_reads::~resident_reads() { only_resident = false; }

}  // namespace weir::inline v0::db
