// Somebody who is asked and takes an hour to answer.
#pragma once

#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"

namespace guide::async {

class backend {
public:
    weir::task<weir::result<>> answer() {
        const asking here{*this};
        co_return co_await weir::sleep(std::chrono::hours{1});
    }

    int being_asked = 0;

private:
    class asking {
    public:
        explicit asking(backend& whom) : whom_{whom} { ++whom_.being_asked; }
        asking(const asking&) = delete;
        asking& operator=(const asking&) = delete;
        ~asking() { --whom_.being_asked; }

    private:
        backend& whom_;
    };
};

}  // namespace guide::async
