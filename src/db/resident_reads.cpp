#include "resident_reads.hpp"

#include <cerrno>
#include <string_view>

#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

namespace weir::inline v0::db {
namespace {

constexpr const char* own_name = "weir";

// Of the thread that asks SQLite.
constinit thread_local bool only_resident = false;

using read_call = ssize_t (*)(int, void*, size_t, off64_t);

// What SQLite read by before; set once, before read_resident is.
constinit read_call usual_read = ::pread64;

// SQLite's Unix VFS reads by a table of system calls that may be exchanged. Ours differs from the
// usual one by a test, on threads that never asked for it. Less than all is nothing: a kernel may
// answer so where the rest is not in memory, and SQLite would take it for the file's end.
ssize_t read_resident(int descriptor, void* into, size_t size, off64_t offset) noexcept {
    if (!only_resident) return usual_read(descriptor, into, size, offset);
    const iovec whole{into, size};
    const ssize_t got = ::preadv64v2(descriptor, &whole, 1, offset, RWF_NOWAIT);
    if (got == static_cast<ssize_t>(size)) return got;
    if (got >= 0) errno = EAGAIN;
    return -1;
}

// A wait for a lock that SQLite makes by sleeping a little, again and again.
int sleep_unless_resident(sqlite3_vfs* vfs, int microseconds) {
    if (only_resident) return 0;
    auto* const system = static_cast<sqlite3_vfs*>(sqlite3_vfs_find("unix"));
    return system->xSleep(vfs, microseconds);
}

// Under the name that this SQLite reads by.
bool replace_read(sqlite3_vfs& vfs) noexcept {
    for (const char* name : {"pread64", "pread"}) {
        const sqlite3_syscall_ptr before = vfs.xGetSystemCall(&vfs, name);
        if (before == nullptr) continue;
        usual_read = reinterpret_cast<read_call>(before);
        const auto call = reinterpret_cast<sqlite3_syscall_ptr>(&read_resident);
        return vfs.xSetSystemCall(&vfs, name, call) == SQLITE_OK;
    }
    return false;
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
        if (!replace_read(*system)) return;
        copy_ = *system;
        copy_.zName = own_name;
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
    return used != nullptr && used == sqlite3_vfs_find(own_name);
}

resident_reads::resident_reads() noexcept { only_resident = true; }
resident_reads::~resident_reads() { only_resident = false; }

}  // namespace weir::inline v0::db
