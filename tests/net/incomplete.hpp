// Many connections that each bring a part of a message, and whose server waits for the rest.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "net/stage.hpp"

namespace weir::inline v0::net {

// What a server does with each of many connections that send the beginning of a message.
class incomplete {
public:
    incomplete(stage& on, std::size_t size) : on_{&on}, size_{size} {}

    // Later messages are younger, though earlier ones grow.
    task<result<>> run(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            auto [near, far] = co_await or_return(on_->link());
            peers_.push_back(std::move(far));
            arrived_.push_back(false);
            ends_.push_back(errc{});
            scope_.spawn(serve(i, std::move(near)));
            co_await or_return(io::send_text(*peers_[i], io::pattern(size_)));
            while (!arrived_[i] && ends_[i] == errc{}) co_await sleep(std::chrono::milliseconds{1});
            if (ends_[0] == errc{}) co_await or_return(io::send_text(*peers_[0], "x"));
        }
        co_return {};
    }
    // How many, from the oldest on, have ended with overloaded; the others are still there.
    std::size_t oldest_given_up() const {
        std::size_t given_up = 0;
        while (given_up < ends_.size() && ends_[given_up] == errc::overloaded) ++given_up;
        for (std::size_t i = given_up; i < ends_.size(); ++i) EXPECT_EQ(ends_[i], errc{}) << i;
        return given_up;
    }

private:
    task<> serve(std::size_t at, std::unique_ptr<io::transport> transport) {
        connection here{std::move(transport), on_->loop(), on_->options};
        while (ends_[at] == errc{}) {
            const auto filled = co_await here.fill();
            if (!filled) ends_[at] = filled.error().code();
            if (here.input().size() >= size_) arrived_[at] = true;
            EXPECT_LE(on_->loop().assemblies().used(), on_->loop().assemblies().limit());
        }
    }

    stage* on_;
    std::size_t size_;
    std::vector<std::unique_ptr<io::transport>> peers_;
    std::vector<bool> arrived_;
    std::vector<errc> ends_;
    task_scope scope_{on_->loop().env(), [](const error& why) { ADD_FAILURE() << why.message(); }};
};

}  // namespace weir::inline v0::net
