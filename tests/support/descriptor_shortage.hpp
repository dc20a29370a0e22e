// Allows this process so many new descriptors and no more, for as long as it lives.
#pragma once

#include <sys/resource.h>
#include <unistd.h>

#include "weir/base/unique_fd.hpp"

namespace weir::test {

class descriptor_shortage {
public:
    explicit descriptor_shortage(unsigned spare = 0) {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const unique_fd next{::dup(STDERR_FILENO)};
        rlimit few = before_;
        few.rlim_cur = static_cast<rlim_t>(next.get()) + spare;
        ::setrlimit(RLIMIT_NOFILE, &few);
    }
    descriptor_shortage(const descriptor_shortage&) = delete;
    descriptor_shortage& operator=(const descriptor_shortage&) = delete;
    ~descriptor_shortage() { ::setrlimit(RLIMIT_NOFILE, &before_); }

private:
    rlimit before_{};
};

}  // namespace weir::test
