// A machine that is taken from the network.
#pragma once

#include <array>

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <sys/socket.h>

namespace weir::test {

// From now on this socket hears nothing and answers nothing.
inline void vanish(int fd) {
    std::array<sock_filter, 1> drop_all{{BPF_STMT(BPF_RET | BPF_K, 0)}};
    const sock_fprog program{drop_all.size(), drop_all.data()};
    EXPECT_EQ(::setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program), 0);
}

}  // namespace weir::test
