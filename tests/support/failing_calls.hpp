// The kernel's calls that a test cannot make fail otherwise; for as long as such a thing lives, all
// of this process fail with an errno value.
//
// Whoever links failing_calls.cpp gets them in front of the C library's. From any thread; one of a
// kind at a time.
#pragma once

#include <climits>

namespace weir::test {

// accept4(), all or so many.
class failing_accepts {
public:
    explicit failing_accepts(int number, int count = INT_MAX) noexcept;
    failing_accepts(const failing_accepts&) = delete;
    failing_accepts& operator=(const failing_accepts&) = delete;
    ~failing_accepts();
};

// epoll_ctl(), where it adds a socket that does not listen.
class failing_watches {
public:
    explicit failing_watches(int number) noexcept;
    failing_watches(const failing_watches&) = delete;
    failing_watches& operator=(const failing_watches&) = delete;
    ~failing_watches();
};

}  // namespace weir::test
