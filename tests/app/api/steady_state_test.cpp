// What a request costs once everything is warm: no heap allocation of ours, whatever asks.

#include <iostream>

#include <gtest/gtest.h>

#include "weir/http/server.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/when_all.hpp"

#include "app/api/frames_api.hpp"
#include "app/api/http_api.hpp"
#include "app/config/config_fixture.hpp"
#include "app/data/database_check.hpp"
#include "db/house.hpp"
#include "frame/wire.hpp"
#include "support/allocations.hpp"

namespace weir::app {
namespace {

constexpr int warm_up = 200;
constexpr int counted = 1000;

struct heap_use {
    std::uint64_t ours = 0;
    std::uint64_t sqlite = 0;

    static heap_use now() noexcept { return {heap::requests(), heap::requests_apart()}; }
    friend heap_use operator-(heap_use left, heap_use right) noexcept {
        return {left.ours - right.ours, left.sqlite - right.sqlite};
    }
};

// One question, and what has come when the answer ends with `last`.
task<result<>> ask(net::connection& peer, std::string_view question, std::string_view last) {
    peer.write(as_bytes(question));
    co_await or_return(peer.flush());
    while (!as_text(peer.input()).ends_with(last)) co_await or_return(peer.fill());
    peer.consume(peer.input().size());
    co_return {};
}

task<result<heap_use>> ask_again_and_again(net::connection& peer, std::string_view question,
                                           std::string_view last) {
    for (int i = 0; i < warm_up; ++i) co_await or_return(ask(peer, question, last));
    const heap_use before = heap_use::now();
    for (int i = 0; i < counted; ++i) co_await or_return(ask(peer, question, last));
    co_return heap_use::now() - before;
}

class the_steady_state : public db::house {
protected:
    the_steady_state() : db::house{db::creating(), 1} {}

    void SetUp() override {
        if (!heap::counted) GTEST_SKIP() << "a sanitizer has a heap of its own";
        ASSERT_TRUE(heap::count_apart("libsqlite3"));
        ASSERT_TRUE(write("create table vendor (prefix text primary key, name text)"));
        ASSERT_TRUE(write("insert into vendor values ('0000F8', 'Digital Equipment Corporation')"));
        config_ = config_with("service.loops = 1");
        problems found{"t.toml"};
        auto served = check_endpoints(config_, house::database(), found);
        ASSERT_EQ(found.text(), "");
        data_.emplace(house::database(), log_, std::move(served), std::chrono::seconds{30});
    }

    // Of as many questions as are counted, on one connection that `handler` serves.
    heap_use asked(std::function<task<>(net::connection&)> handler, std::string_view question,
                   std::string_view last, std::string_view greeting = {}) {
        auto [near, far] = *run(connected());
        auto peer = std::make_unique<net::connection>(std::move(near), loop(), options_);
        net::connection served{std::move(far), loop(), options_};
        if (!greeting.empty()) peer->write(as_bytes(greeting));
        const auto used = run(conversation(std::move(peer), question, last, handler(served)));
        EXPECT_TRUE(used) << used.error().message();
        return used.value_or(heap_use{});
    }

    static void report(std::string_view what, const heap_use& used) {
        std::cout << "SQLite's own allocations: " << used.sqlite << " in " << counted << ' ' << what
                  << '\n';
    }

    class log log_{"test", weir::log_level::off};
    metrics::registry metrics_{1};
    config config_;
    net::connection_options options_;
    std::optional<data_service> data_;

private:
    using link = std::pair<std::unique_ptr<io::transport>, std::unique_ptr<io::transport>>;

    // The two ends of a connection over loopback.
    task<result<link>> connected() {
        io::engine& engine = loop().engine();
        auto listening = engine.listen(io::endpoint{}, io::listen_options{});
        auto listener = co_await or_return(std::move(listening));
        auto near = co_await or_return(io::connect{engine, listener->local()});
        auto far = co_await or_return(io::accept{*listener});
        co_return link{engine.adopt(std::move(near)), engine.adopt(std::move(far))};
    }
    static task<result<heap_use>> ask_and_end(std::unique_ptr<net::connection> peer,
                                              std::string_view question, std::string_view last) {
        auto used = co_await ask_again_and_again(*peer, question, last);
        peer.reset();
        co_return used;
    }
    static task<result<heap_use>> conversation(std::unique_ptr<net::connection> peer,
                                               std::string_view question, std::string_view last,
                                               task<> serving) {
        auto both = when_all(ask_and_end(std::move(peer), question, last), std::move(serving));
        auto outcome = co_await std::move(both);
        co_return std::move(std::get<0>(outcome));
    }
};

TEST_F(the_steady_state, allocates_nothing_for_a_get) {
    http_api api{*data_, config_, 1};
    http::server_options options;
    options.metrics = &metrics_;
    const http::server server = http::serve(api.routes(), options);
    const heap_use used = asked(server, "GET /vendors/0000F8 HTTP/1.1\r\nHost: x\r\n\r\n", "\"}]}");
    EXPECT_EQ(used.ours, 0U);
    report("requests", used);
}

TEST_F(the_steady_state, allocates_nothing_for_an_escaped_query) {
    http_api api{*data_, config_, 1};
    const http::server server = http::serve(api.routes());
    const heap_use used =
        asked(server, "GET /vendors/%30000F8 HTTP/1.1\r\nHost: x\r\n\r\n", "\"}]}");
    EXPECT_EQ(used.ours, 0U);
}

TEST_F(the_steady_state, allocates_nothing_for_a_call_over_frames) {
    frames_api api{*data_, config_, metrics_};
    const std::string hello = frame::wire(R"({"hello":{"protocol":"weir","version":1}})");
    const std::string call =
        frame::wire(R"({"id":"x7","call":"vendor","params":{"prefix":"0000F8"},"timeout_ms":900})");
    const auto serve = [&api](net::connection& connection) { return api.serve(connection); };
    const heap_use used = asked(serve, call, "\"}]}", hello);
    EXPECT_EQ(used.ours, 0U);
    report("calls", used);
}

}  // namespace
}  // namespace weir::app
