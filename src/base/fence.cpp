#include "weir/base/fence.hpp"

#ifndef NDEBUG

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>
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
    void write(const fence::place& from, std::string_view where_nameless) noexcept {
        std::string_view name = from.name().empty() ? where_nameless : from.name();
        // The end of a path says most.
        name.remove_prefix(name.size() - std::min(name.size(), longest));
        const auto size = static_cast<int>(name.size());
        if (from.line() > 0) {
            std::snprintf(text_.data(), text_.size(), "%.*s:%u", size, name.data(),
                          static_cast<unsigned>(from.line()));
        } else {
            std::snprintf(text_.data(), text_.size(), "%.*s", size, name.data());
        }
    }
    const char* text() const noexcept { return text_.data(); }

private:
    static constexpr std::size_t longest = 180;
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
alignas(grounds) std::array<std::byte, sizeof(grounds)> place_of_grounds;
// Null until the first piece is taken, so that where nobody takes one nobody meets a lock.
std::atomic<grounds*> all{nullptr};

thread_local fence::naming* outermost = nullptr;
struct sigaction before_us;

[[noreturn]] void outlived(const given_back& found) noexcept {
    std::array<char, 600> text{};
    const int size = std::snprintf(text.data(), text.size(),
                                   "weir: a view is used whose bytes are no longer there.\n"
                                   "    delivered at %s\n    given up at  %s\n    used at\n",
                                   found.delivered.text(), found.given_up.text());
    [[maybe_unused]] const auto written =
        ::write(STDERR_FILENO, text.data(), static_cast<std::size_t>(std::max(size, 0)));
    std::array<void*, 16> frames{};
    const int depth = ::backtrace(frames.data(), static_cast<int>(frames.size()));
    ::backtrace_symbols_fd(frames.data(), depth, STDERR_FILENO);
    std::abort();
}

// What is not ours goes to whoever was there before: a fault happens again by itself, a signal that
// was sent is sent again. That is the end of the watch.
void on_fault(int number, siginfo_t* info, void*) noexcept {
    for (const given_back& each : all.load()->last)
        if (each.where.has(info->si_addr)) outlived(each);
    ::sigaction(number, &before_us, nullptr);
    if (info->si_code <= 0) ::raise(number);
}

grounds& watch() noexcept {
    std::array<void*, 1> frame{};
    // The first one loads a library.
    ::backtrace(frame.data(), 1);
    auto* const made = ::new (static_cast<void*>(place_of_grounds.data())) grounds;
    all = made;
    struct sigaction ours{};
    ours.sa_sigaction = on_fault;
    ours.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK;
    ::sigaction(SIGSEGV, &ours, &before_us);
    return *made;
}

const bool is_up = [] {
    const char* const variable = std::getenv("WEIR_FENCE");
    const std::string_view told = variable == nullptr ? "" : variable;
    if (told == "on" || told == "off") return told == "on";
    return !under_asan && !under_tsan;
}();

}  // namespace

bool fence::up() noexcept { return is_up; }

void* fence::take(std::size_t size) noexcept {
    static grounds& here = watch();
    void* const begin = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (begin == MAP_FAILED) return nullptr;
    try {
        const lock_guard locked{here.lock};
        here.taken.emplace(begin, pages{static_cast<std::byte*>(begin), size});
        return begin;
    } catch (const std::bad_alloc&) {
        ::munmap(begin, size);
        return nullptr;
    }
}

bool fence::give_back(void* memory, const place& delivered) noexcept {
    grounds* const here = all.load(std::memory_order_relaxed);
    if (here == nullptr) return false;
    const lock_guard locked{here->lock};
    const auto found = here->taken.find(memory);
    if (found == here->taken.end()) return false;
    given_back& oldest = here->last[here->next];
    here->next = (here->next + 1) % here->last.size();
    if (oldest.where.begin != nullptr) ::munmap(oldest.where.begin, oldest.where.size);
    oldest.where = found->second;
    here->taken.erase(found);
    const place named = outermost != nullptr ? outermost->delivered_ : place{};
    oldest.delivered.write(named.name().empty() ? delivered : named, "its loop");
    oldest.given_up.write(outermost != nullptr ? outermost->given_up_ : place{},
                          "the end of whoever held it");
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
