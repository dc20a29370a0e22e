#include "weir/base/fence.hpp"

#ifndef NDEBUG

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <unordered_map>

#include <execinfo.h>
#include <sys/mman.h>
#include <unistd.h>

#include "weir/base/asan.hpp"
#include "weir/base/mutex.hpp"

namespace weir::inline v0 {
namespace {

#if defined(__SANITIZE_THREAD__)
constexpr bool under_tsan = true;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
constexpr bool under_tsan = true;
#else
constexpr bool under_tsan = false;
#endif
#else
constexpr bool under_tsan = false;
#endif

struct pages {
    std::byte* begin = nullptr;
    std::size_t size = 0;

    bool has(const void* at) const noexcept {
        return begin != nullptr && at >= begin && at < begin + size;
    }
};

// Copied, since whoever named it may be gone when somebody faults.
class written_place {
public:
    void write(const fence::place& from) noexcept {
        if (from.line() > 0) {
            std::snprintf(text_.data(), text_.size(), "%.*s:%u",
                          static_cast<int>(from.name().size()), from.name().data(),
                          static_cast<unsigned>(from.line()));
        } else {
            std::snprintf(text_.data(), text_.size(), "%.*s", static_cast<int>(from.name().size()),
                          from.name().data());
        }
    }
    const char* text() const noexcept { return text_.data(); }

private:
    std::array<char, 200> text_{};
};

struct given_back {
    pages where;
    written_place delivered;
    written_place given_up;
};

struct grounds {
    mutex lock;
    std::unordered_map<void*, pages> taken WEIR_GUARDED_BY(lock);
    // Read without it by who faults, which may be the one who holds it.
    std::array<given_back, 256> last;
    std::size_t next WEIR_GUARDED_BY(lock) = 0;
};

// Never destroyed: what is given back by the last destructors is given back here.
grounds& all() noexcept {
    static grounds* const made = new grounds;
    return *made;
}

thread_local fence::naming* outermost = nullptr;
struct sigaction before_us;

[[noreturn]] void outlived(const given_back& found) noexcept {
    std::fprintf(stderr,
                 "weir: a view is used whose bytes are no longer there.\n"
                 "    delivered at %s\n    given up at  %s\n    used at\n",
                 found.delivered.text(), found.given_up.text());
    std::array<void*, 16> frames{};
    const int depth = ::backtrace(frames.data(), static_cast<int>(frames.size()));
    ::backtrace_symbols_fd(frames.data(), depth, STDERR_FILENO);
    std::abort();
}

void on_fault(int, siginfo_t* info, void*) noexcept {
    for (const given_back& each : all().last)
        if (each.where.has(info->si_addr)) outlived(each);
    // Not ours: it faults again, for whoever was there before.
    ::sigaction(SIGSEGV, &before_us, nullptr);
}

void watch_faults() noexcept {
    std::array<void*, 1> frame{};
    // The first one loads a library.
    ::backtrace(frame.data(), 1);
    struct sigaction ours{};
    ours.sa_sigaction = on_fault;
    ours.sa_flags = SA_SIGINFO | SA_NODEFER;
    ::sigaction(SIGSEGV, &ours, &before_us);
}

const bool is_up = [] {
    const char* const told = std::getenv("WEIR_FENCE");
    return told != nullptr ? std::string_view{told} == "on" : !under_asan && !under_tsan;
}();

}  // namespace

bool fence::up() noexcept { return is_up; }

void* fence::take(std::size_t size) noexcept {
    static const bool watching = (watch_faults(), true);
    (void)watching;
    void* const begin = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (begin == MAP_FAILED) return nullptr;
    try {
        grounds& here = all();
        const lock_guard locked{here.lock};
        here.taken.emplace(begin, pages{static_cast<std::byte*>(begin), size});
        return begin;
    } catch (const std::bad_alloc&) {
        ::munmap(begin, size);
        return nullptr;
    }
}

bool fence::give_back(void* memory, const place& delivered) noexcept {
    grounds& here = all();
    const lock_guard locked{here.lock};
    const auto found = here.taken.find(memory);
    if (found == here.taken.end()) return false;
    given_back& oldest = here.last[here.next];
    here.next = (here.next + 1) % here.last.size();
    if (oldest.where.begin != nullptr) ::munmap(oldest.where.begin, oldest.where.size);
    oldest.where = found->second;
    here.taken.erase(found);
    const bool named = outermost != nullptr && !outermost->delivered_.name().empty();
    oldest.delivered.write(named ? outermost->delivered_ : delivered);
    oldest.given_up.write(outermost != nullptr ? outermost->given_up_ : place{});
    // Its memory goes, its addresses stay.
    ::madvise(oldest.where.begin, oldest.where.size, MADV_DONTNEED);
    ::mprotect(oldest.where.begin, oldest.where.size, PROT_NONE);
    return true;
}

fence::naming::naming(const place& delivered, const place& given_up) noexcept
    : delivered_{delivered}, given_up_{given_up}, outermost_{outermost == nullptr} {
    if (outermost_) outermost = this;
}

fence::naming::~naming() {
    if (outermost_) outermost = nullptr;
}

}  // namespace weir::inline v0

#endif
