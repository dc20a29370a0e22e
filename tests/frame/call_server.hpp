// A server for the client's tests: it does what each test tells it to, frame by frame.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "weir/frame/client.hpp"
#include "weir/frame/framed.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/scope.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/when_all.hpp"
#include "weir/task/with_timeout.hpp"

#include "io/transport_ops.hpp"
#include "io/world.hpp"
#include "net/names.hpp"

namespace weir::inline v0::frame {

inline constexpr std::string_view hello_of_32 =
    R"({"hello":{"protocol":"weir","version":1,"in_flight":32,"max_frame":8388608,"server":"t"}})";

// A connection from the server's side.
class far_end {
public:
    far_end(io::loop& loop, std::unique_ptr<io::transport> transport)
        : connection_{std::move(transport), loop, options_}, frames_{connection_} {}

    task<result<>> say(std::string text) { co_return co_await frames_.send(as_bytes(text)); }
    task<result<std::string>> hear() {
        const frame_view frame = co_await or_return(frames_.next());
        co_return std::string{frame.text()};
    }
    // The hello of both.
    task<result<>> greet(std::string hello = std::string{hello_of_32}) {
        const std::string heard = co_await or_return(hear());
        EXPECT_EQ(heard, R"({"hello":{"protocol":"weir","version":1}})");
        co_return co_await say(std::move(hello));
    }
    // The id of the next message, which is a call.
    task<result<std::string>> next_call() {
        const std::string heard = co_await or_return(hear());
        EXPECT_TRUE(heard.starts_with("{\"id\":")) << heard;
        co_return heard.substr(6, heard.find(',') - 6);
    }
    task<result<>> answer(std::string id, std::string rest = "\"changes\":1") {
        co_return co_await say("{\"id\":" + id + "," + rest + "}");
    }
    task<result<>> goodbye() { co_return co_await say(R"({"goodbye":{"reason":"draining"}})"); }
    task<errc> end() {
        const auto frame = co_await frames_.next();
        co_return frame ? errc{} : frame.error().code();
    }
    void abort() { connection_.abort(); }
    task<> close() { co_await connection_.close(); }
    net::connection& connection() { return connection_; }

private:
    net::connection_options options_;
    net::connection connection_;
    framed frames_;
};

// Listens, and takes connections when a test says so.
class call_server {
public:
    explicit call_server(io::engine_world& world) : world_{&world} {
        listen();
        address_ = listener_->local();
    }

    task<result<std::unique_ptr<far_end>>> take() {
        auto transport = co_await or_return(io::take(world_->engine(), *listener_));
        co_return std::make_unique<far_end>(world_->loop(), std::move(transport));
    }
    task<result<std::unique_ptr<far_end>>> take_greeted() {
        auto taken = co_await or_return(take());
        co_await or_return(taken->greet());
        co_return std::move(taken);
    }
    // Nobody listens there from now on, until listen().
    void leave() { listener_.reset(); }
    void listen() {
        auto made = world_->engine().listen(address_, io::listen_options{});
        if (!made) throw std::runtime_error{made.error().message()};
        listener_ = std::move(*made);
    }
    net::host host() const { return net::host{address_}; }

private:
    io::engine_world* world_;
    io::endpoint address_;
    std::unique_ptr<io::listener> listener_;
};

// A client of one or two servers, and what runs beside the test.
class call_stage {
public:
    explicit call_stage(io::engine_world& world) : here{&world}, first{world}, second{world} {
        options.hosts = {first.host(), second.host()};
    }
    void one_host() { options.hosts.pop_back(); }
    void open() { caller.emplace(here->loop(), names, here->loop().env(), options); }
    client& calls() { return *caller; }
    // Runs beside the test; what fails there fails the test.
    void beside(task<result<>> work) { scope.spawn(std::move(work)); }

    io::engine_world* here;
    net::names names;
    call_server first;
    call_server second;
    client_options options;
    std::optional<client> caller;
    task_scope scope{here->loop().env(), [](const error& why) { ADD_FAILURE() << why.message(); }};
};

class client_test : public io::world_test<io::engine_world> {};

// What a call ended with: its JSON, or its error.
inline std::string text_of(const result<answer>& outcome) {
    if (outcome) return std::string{outcome->json()};
    return std::string{to_string(outcome.error().code())};
}

inline task<result<answer>> asks(client& of, std::string name, call_options options = {}) {
    call_params params;
    params.text("prefix", name);
    co_return co_await of.call("vendor", std::move(params), options);
}

inline task<std::string> asked(client& of, std::string name, call_options options = {}) {
    const auto outcome = co_await asks(of, std::move(name), options);
    co_return text_of(outcome);
}

}  // namespace weir::inline v0::frame
