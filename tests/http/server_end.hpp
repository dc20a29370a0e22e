// Servers for the client's tests, which do what each test tells them to, byte by byte.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "weir/flow/semaphore.hpp"
#include "weir/http/client.hpp"
#include "weir/metrics/registry.hpp"
#include "weir/net/connection.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/scope.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/with_timeout.hpp"

#include "io/world.hpp"
#include "net/names.hpp"

namespace weir::inline v0::http {

// A connection from the server's side.
class server_end {
public:
    server_end(io::loop& loop, std::unique_ptr<io::transport> transport)
        : connection_{std::move(transport), loop, options_} {}

    task<result<>> say(std::string text) {
        if (!connection_.write(as_bytes(text))) co_return fail(errc::overloaded);
        co_return co_await connection_.flush();
    }
    // The next request's head, the empty line included.
    task<result<std::string>> hear_head() { return hear_until("\r\n\r\n"); }
    // What comes next, up to and with this.
    task<result<std::string>> hear_until(std::string end) {
        std::string text;
        while (!text.ends_with(end)) {
            if (connection_.input().empty()) co_await or_return(connection_.fill());
            text += static_cast<char>(connection_.input().front());
            connection_.consume(1);
        }
        co_return text;
    }
    task<result<std::string>> hear(std::size_t bytes) {
        std::string text;
        while (text.size() < bytes) {
            if (connection_.input().empty()) co_await or_return(connection_.fill());
            const auto part = connection_.input().first(
                std::min(bytes - text.size(), connection_.input().size()));
            text += as_text(part);
            connection_.consume(part.size());
        }
        co_return text;
    }
    // How the client ends its side; what it still says is dropped.
    task<errc> end() {
        for (;;) {
            connection_.consume(connection_.input().size());
            const auto more = co_await connection_.fill();
            if (!more) co_return more.error().code();
        }
    }
    net::connection& connection() { return connection_; }

private:
    net::connection_options options_;
    net::connection connection_;
};

// A client, a place where its server listens, and what runs beside the test.
class client_stage {
public:
    explicit client_stage(io::engine_world& world)
        : here{&world},
          scope{world.loop().env(), [](const error& why) { ADD_FAILURE() << why.message(); }} {
        listen();
        address_ = listener_->local();
        options.hosts = {net::host{address_}};
        options.metrics = &registry;
    }

    void open() { asks.emplace(here->loop(), names, options); }
    http::client& client() {
        if (!asks) open();
        return *asks;
    }
    // Those who take are served in turn.
    task<result<std::unique_ptr<server_end>>> take() {
        const auto turn = co_await or_return(takers_.acquire());
        auto transport = co_await or_return(io::take(here->engine(), *listener_));
        co_return std::make_unique<server_end>(here->loop(), std::move(transport));
    }
    // Nobody listens there from now on, until listen().
    void leave() { listener_.reset(); }
    void listen() {
        auto made = here->engine().listen(address_, io::listen_options{});
        if (!made) throw std::runtime_error{made.error().message()};
        listener_ = std::move(*made);
    }
    std::string authority() const { return address_.text(); }
    // By a name that its resolver knows, with the port that it is called by.
    void call_it(std::string name, std::string port) {
        names.put(name, {address_});
        options.hosts = {*net::host::parse(name + ":" + port)};
    }
    // Runs beside the test; what fails there fails the test.
    void beside(task<result<>> work) { scope.spawn(std::move(work)); }

    // What is counted under this name, of the series whose labels hold this.
    double counted(std::string_view name, std::string_view label = {}) const {
        double sum = 0;
        for (const auto& family : registry.collect()) {
            if (family.name != name) continue;
            for (const auto& sample : family.samples) {
                const auto& labels = *sample.labels;
                const bool meant =
                    label.empty() || std::ranges::find(labels, label) != labels.end();
                if (meant) sum += sample.value;
            }
        }
        return sum;
    }
    double retries() const { return counted("weir_http_client_retries_total"); }

    io::engine_world* here;
    net::names names;
    metrics::registry registry{1};
    client_options options;
    std::optional<http::client> asks;
    std::vector<std::string> heard;  // heads of requests, in their order
    int taken = 0;                   // connections

private:
    io::endpoint address_;
    std::unique_ptr<io::listener> listener_;
    flow::semaphore takers_{1};

public:
    task_scope scope;
};

class http_client_test : public io::world_test<io::engine_world> {};

// What becomes of a connection behind its answers.
enum class afterwards : std::uint8_t { stays, closes, resets };

// Takes one connection and answers so many requests on it, each with one of the texts.
inline task<result<>> serves(client_stage& stage, std::vector<std::string> answers,
                             afterwards then = afterwards::stays) {
    auto peer = co_await or_return(stage.take());
    ++stage.taken;
    for (std::string& answer : answers) {
        stage.heard.push_back(co_await or_return(peer->hear_head()));
        co_await or_return(peer->say(std::move(answer)));
    }
    if (then == afterwards::resets) peer->connection().abort();
    if (then == afterwards::closes) co_await peer->connection().close();
    if (then == afterwards::stays) (void)co_await peer->end();
    co_return {};
}

inline std::string answer(std::string_view body, std::string_view more_fields = {}) {
    std::string text = "HTTP/1.1 200 OK\r\n";
    text.append(more_fields).append("Content-Length: ").append(std::to_string(body.size()));
    return text.append("\r\n\r\n").append(body);
}

inline client_request made(method asked, std::string_view target = "/") {
    auto request = client_request::make(asked, target);
    EXPECT_TRUE(request.has_value()) << request.error().message();
    return std::move(*request);
}

// The body of a GET, or the name of what it failed with.
inline task<std::string> got(http::client& from, std::string target) {
    auto response = co_await from.get(target);
    if (!response) co_return std::string{to_string(response.error().code())};
    auto body = co_await response->text();
    co_return body ? std::move(*body) : std::string{to_string(body.error().code())};
}

inline task<errc> failure_of(http::client& from, std::string target) {
    const auto response = co_await from.get(target);
    co_return response ? errc{} : response.error().code();
}

}  // namespace weir::inline v0::http
