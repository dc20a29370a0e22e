// Two waits as tutorials show them. The tests beside this file break both.
#pragma once

#include <cerrno>
#include <chrono>
#include <memory>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>

#include "weir/base/unique_fd.hpp"
#include "weir/flow/channel.hpp"
#include "weir/task/scope.hpp"

#include "backend.hpp"

namespace guide::async {

// In a coroutine, and it blocks all the same: the thread, and so everything else on its loop.
inline weir::task<weir::result<>> connect_that_blocks(sockaddr_in to,
                                                      std::chrono::milliseconds patience) {
    const weir::unique_fd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const timeval limit{.tv_sec = 0, .tv_usec = patience.count() * 1000};
    (void)setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
        co_return weir::fail(weir::error::from_errno(errno, "connect"));
    co_return weir::result<>{};
}

// A timeout that runs beside the work: whichever comes first is the answer, and the other goes on.
class timeout_beside_the_work {
public:
    static weir::task<weir::result<>> ask(backend& whom, weir::task_scope& background) {
        const auto first = std::make_shared<outcomes>(2);
        background.spawn(tell(first, whom.answer()));
        background.spawn(tell_after_a_second(first));
        auto outcome = co_await first->receive();
        if (!outcome) co_return weir::fail(std::move(outcome).error());
        if (*outcome != weir::errc{}) co_return weir::fail(*outcome);
        co_return weir::result<>{};
    }

private:
    using outcomes = weir::flow::channel<weir::errc>;

    static weir::task<> tell(std::shared_ptr<outcomes> first, weir::task<weir::result<>> work) {
        const auto done = co_await std::move(work);
        if (auto place = first->try_reserve())
            std::move(*place).send(done ? weir::errc{} : done.error().code());
    }
    static weir::task<> tell_after_a_second(std::shared_ptr<outcomes> first) {
        (void)co_await weir::sleep(std::chrono::seconds{1});
        if (auto place = first->try_reserve()) std::move(*place).send(weir::errc::timed_out);
    }
};

}  // namespace guide::async
