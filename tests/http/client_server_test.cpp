// The client against this project's own server: what both make of each other, and what a request
// costs once everything is warm.
#include <set>
#include <sstream>
#include <string>

#include "weir/http/server.hpp"
#include "weir/task/with_stop.hpp"

#include "http/house.hpp"
#include "http/server_end.hpp"
#include "http/serving_end.hpp"
#include "support/allocations.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

class http_client_server_test : public http_client_test {};

INSTANTIATE_TEST_SUITE_P(on, http_client_server_test, testing::ValuesIn(io::engine_names()),
                         io::name_of);

class http_client_steady_state_test : public http_client_test {};

INSTANTIATE_TEST_SUITE_P(on, http_client_steady_state_test, testing::Values("uring", "epoll"),
                         io::name_of);

task<result<response>> count_body(request& request) {
    std::size_t bytes = 0;
    for (;;) {
        const bytes_view piece = co_await or_return(request.body_chunk());
        if (piece.empty()) break;
        bytes += piece.size();
    }
    co_return text(std::to_string(bytes));
}

task<> mirrors_once(net::connection& connection) {
    if (auto more = co_await connection.fill(); !more) co_return;
    connection.write(connection.input());
    (void)co_await connection.flush();
}

response much(request&) { return text(std::string(200'000, 'x')); }

server asked_server() {
    router routes;
    routes.route("GET", "/hello", hello)
        .route("POST", "/echo", echo)
        .route("POST", "/count", count_body)
        .route("POST", "/ignore", hello)
        .route("GET", "/large", much)
        .route("GET", "/mirror",
               [](request&) { return switch_protocols("Mirror/1", mirrors_once); });
    return serve(std::move(routes));
}

task<std::string> posted(client_stage& stage, std::string target, std::string body) {
    auto request = made(method::post, target);
    request.set_body(std::move(body));
    auto response = co_await stage.client().send(request);
    if (!response) co_return std::string{to_string(response.error().code())};
    const auto text = co_await response->text();
    co_return text ? *text : std::string{to_string(text.error().code())};
}

task<result<>> talks_to_ours(io::engine_world& world) {
    client_stage stage{world};
    serving_end server{stage, asked_server()};
    for (int round = 0; round < 3; ++round) {
        EXPECT_EQ(co_await got(stage.client(), "/hello"), "hello");
        EXPECT_EQ(co_await posted(stage, "/echo", "a body"), "a body");
        EXPECT_EQ(co_await posted(stage, "/count", std::string(100'000, 'x')), "100000");
        EXPECT_EQ(co_await posted(stage, "/ignore", "unread"), "hello");
        const auto head = made(method::head, "/hello");
        auto response = co_await or_return(stage.client().send(head));
        EXPECT_EQ(response.header("content-length"), "5");
        EXPECT_EQ(co_await or_return(response.text()), "");
    }
    EXPECT_EQ(server.open(), 1U) << "all on one connection";
    EXPECT_EQ(co_await got(stage.client(), "/nowhere"), R"({"title":"Not Found","status":404})");
    auto response = co_await or_return(stage.client().get("/large"));
    const bytes_view whole = co_await or_return(response.all(200'000));
    EXPECT_EQ(whole.size(), 200'000U);
    co_return {};
}

TEST_P(http_client_server_test, converses) { run(talks_to_ours(*world_)); }

task<result<>> leaves_http_with_ours(io::engine_world& world) {
    client_stage stage{world};
    serving_end server{stage, asked_server()};
    auto request = made(method::get, "/mirror");
    request.switch_to("mirror/1");
    auto response = co_await or_return(stage.client().send(request));
    EXPECT_EQ(response.status(), status::switching_protocols);
    net::connection& connection = *response.connection();
    connection.write(as_bytes("looks"));
    co_await or_return(connection.flush());
    while (connection.input().size() < 5) co_await or_return(connection.fill());
    EXPECT_EQ(as_text(connection.input()), "looks");
    co_return {};
}

TEST_P(http_client_server_test, leaves_http) { run(leaves_http_with_ours(*world_)); }

task<result<>> uploads_to_ours(io::engine_world& world) {
    client_stage stage{world};
    serving_end server{stage, asked_server()};
    for (const bool asks : {false, true}) {
        auto request = made(method::post, "/count");
        if (asks) request.expect_continue();
        auto upload = co_await or_return(stage.client().upload(request));
        const std::string piece(7'000, 'x');
        for (int at = 0; at < 100; ++at) co_await or_return(upload.write(as_bytes(piece)));
        auto response = co_await or_return(upload.finish());
        EXPECT_EQ(co_await or_return(response.text()), "700000");
    }
    EXPECT_EQ(server.open(), 1U);
    // Over its limit of 1 MiB: 413, before it has read anything.
    auto request = made(method::post, "/count");
    request.set_body(std::string(std::size_t{8} << 20U, 'x'));
    auto response = co_await or_return(stage.client().send(request));
    EXPECT_EQ(response.status(), status::content_too_large);
    co_return {};
}

TEST_P(http_client_server_test, uploads) { run(uploads_to_ours(*world_)); }

// A trace's id, and the spans of it that a request has gone through.
task<response> tells_span(request& asked) {
    const auto parent = asked.trace_parent();
    std::string told{asked.trace().trace_id()};
    (told += ' ') += parent ? parent->span_id() : "none";
    (told += ' ') += asked.trace().span_id();
    co_return text(std::move(told));
}

// Asks another server for each of its requests, as a part of the same trace.
class asking_handler {
public:
    explicit asking_handler(http::client& other) : other_{&other} {}

    task<result<response>> serve(request& asked) {
        auto further = made(method::get, "/further");
        co_await or_return(further.add(trace_context::field_name, asked.trace().text()));
        auto answered = co_await or_return(other_->send(further));
        auto below = co_await or_return(answered.text());
        co_return text(std::string{asked.trace().span_id()} + ' ' + below);
    }

private:
    http::client* other_;
};

task<result<>> traces_through(io::engine_world& world) {
    client_stage back{world};
    serving_end second{back, serve(tells_span)};
    asking_handler asking{back.client()};
    client_stage front{world};
    serving_end first{front, serve([&asking](request& asked) { return asking.serve(asked); })};
    auto request = made(method::get, "/");
    co_await or_return(request.add(trace_context::field_name,
                                   "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
    auto response = co_await or_return(front.client().send(request));
    const std::string told = co_await or_return(response.text());
    // Span of the first, the trace as the second has it, its parent there, and its own span.
    std::istringstream words{told};
    std::string span, trace, parent, own;
    words >> span >> trace >> parent >> own;
    EXPECT_EQ(trace, "4bf92f3577b34da6a3ce929d0e0e4736");
    EXPECT_EQ(parent, span);
    EXPECT_EQ(std::set<std::string>({"00f067aa0ba902b7", span, own}).size(), 3U) << told;
    co_return {};
}

TEST_P(http_client_server_test, goes_on_with_a_trace_through_a_handler_that_asks_another_server) {
    run(traces_through(*world_));
}

// The server says that a response is its last one, or closes what rests.
task<result<>> follows_drains(io::engine_world& world) {
    client_stage stage{world};
    stage.options.idle_timeout = 1h;
    serving_end server{stage, asked_server()};
    EXPECT_EQ(co_await got(stage.client(), "/hello"), "hello");
    server.drain();
    EXPECT_EQ(co_await got(stage.client(), "/hello"), "hello");
    EXPECT_EQ(stage.client().connections().idle, 0U);
    EXPECT_EQ(co_await got(stage.client(), "/hello"), "hello");
    EXPECT_EQ(stage.client().connections().idle, 1U);
    server.drain();
    while (stage.client().connections().idle > 0) co_await or_return(sleep(10ms));
    EXPECT_EQ(co_await got(stage.client(), "/hello"), "hello");
    EXPECT_EQ(stage.retries(), 0);
    co_return {};
}

TEST_P(http_client_server_test, follows_a_drain) { run(follows_drains(*world_)); }

struct handler_end {
    bool begun = false;
    errc ended{};
};

task<result<response>> patient_handler(request&, handler_end& by) {
    by.begun = true;
    const auto slept = co_await sleep(9s);
    by.ended = slept ? errc{} : slept.error().code();
    co_return text("late");
}

task<result<>> gives_up(io::engine_world& world) {
    client_stage stage{world};
    handler_end by;
    serving_end server{stage,
                       serve([&by](request& request) { return patient_handler(request, by); })};
    stop_node stop{world.loop().env().stop()};
    const auto asks = [](client_stage& of, stop_node& until, errc& outcome) -> task<result<>> {
        auto asking = of.client().get("/");
        const auto response = co_await with_stop(until, std::move(asking));
        outcome = response ? errc{} : response.error().code();
        co_return {};
    };
    errc outcome{};
    stage.beside(asks(stage, stop, outcome));
    while (!by.begun) co_await or_return(sleep(1ms));
    co_await or_return(sleep(1s));  // the server begins to look for resets
    stop.request();
    while (by.ended == errc{}) co_await or_return(sleep(1ms));
    EXPECT_EQ(outcome, errc::canceled);
    EXPECT_EQ(by.ended, errc::canceled) << "who stops asking stops who works for it";
    co_return {};
}

TEST_P(http_client_server_test, stops_the_handler_that_it_does_not_wait_for) {
    run(gives_up(*world_));
}

constexpr std::size_t warm_rounds = 100;
constexpr std::size_t counted_rounds = 400;

struct heap_cost {
    std::uint64_t allocations = 0;
    std::size_t connections = 0;
};

task<result<>> asks_often(io::engine_world& world, const client_request& request,
                          heap_cost& spent) {
    client_stage stage{world};
    serving_end server{stage, asked_server()};
    std::uint64_t before = 0;
    for (std::size_t round = 0; round < warm_rounds + counted_rounds; ++round) {
        if (round == warm_rounds) before = heap::requests();
        auto response = co_await or_return(stage.client().send(request));
        const bytes_view body = co_await or_return(response.all());
        EXPECT_FALSE(body.empty());
    }
    spent.allocations = heap::requests() - before;
    spent.connections = server.open();
    co_return {};
}

task<result<>> gets_often(io::engine_world& world, heap_cost& spent) {
    client_stage stage{world};
    serving_end server{stage, asked_server()};
    std::uint64_t before = 0;
    for (std::size_t round = 0; round < warm_rounds + counted_rounds; ++round) {
        if (round == warm_rounds) before = heap::requests();
        auto response = co_await or_return(stage.client().get("/hello"));
        const bytes_view body = co_await or_return(response.all());
        EXPECT_EQ(as_text(body), "hello");
    }
    spent.allocations = heap::requests() - before;
    spent.connections = server.open();
    co_return {};
}

// Client and server together.
TEST_P(http_client_steady_state_test, gets_without_an_allocation) {
    heap_cost spent;
    run(gets_often(*world_, spent));
    EXPECT_EQ(spent.connections, 1U);
    if constexpr (heap::counted) {
        EXPECT_EQ(spent.allocations, 0U);
    }
}

TEST_P(http_client_steady_state_test, posts_a_small_body_without_an_allocation) {
    auto request = made(method::post, "/ignore");
    request.set_body(R"({"mac":"00:1b:63:84:45:e6"})");
    ASSERT_TRUE(request.add("Content-Type", "application/json").has_value());
    heap_cost spent;
    run(asks_often(*world_, request, spent));
    EXPECT_EQ(spent.connections, 1U);
    if constexpr (heap::counted) {
        EXPECT_EQ(spent.allocations, 0U);
    }
}

// How much is read while nobody else has a turn.
task<result<>> takes_turns(const std::size_t& read, std::size_t& most) {
    for (std::size_t before = 0;; before = read) {
        (void)co_await yield();
        most = std::max(most, read - before);
    }
}

response much_more(request&) { return text(std::string(std::size_t{48} << 20U, 'x')); }

task<result<>> reads_beside_others(io::engine_world& world, std::size_t& most) {
    client_stage stage{world};
    serving_end server{stage, serve(much_more)};
    auto response = co_await or_return(stage.client().get("/"));
    co_await or_return(sleep(50ms));  // as much as the kernel takes is there
    std::size_t read = 0;
    task_scope beside{world.loop().env(), [](const error&) {}};
    beside.spawn(takes_turns(read, most));
    for (;;) {
        const bytes_view piece = co_await or_return(response.read());
        if (piece.empty()) break;
        read += piece.size();
    }
    EXPECT_EQ(read, std::size_t{48} << 20U);
    co_return {};
}

// 64 receives that need not wait, the one before and the one after them.
TEST_P(http_client_steady_state_test, leaves_its_loop_to_others_while_it_reads) {
    std::size_t most = 0;
    run(reads_beside_others(*world_, most));
    EXPECT_LE(most, 66 * io::slab_room);
}

constexpr std::size_t large_body = std::size_t{24} << 20U;

task<result<response>> reads_all(request& request, std::size_t& read) {
    co_await or_return(sleep(50ms));  // as much as the kernel takes is there
    for (;;) {
        const bytes_view piece = co_await or_return(request.body_chunk());
        if (piece.empty()) break;
        read += piece.size();
    }
    co_return text("read");
}

task<result<>> uploads_beside_others(io::engine_world& world, std::size_t& most) {
    std::size_t read = 0;
    router routes;
    route_options large;
    large.max_body_bytes = large_body;
    routes.route(
        "POST", "/", [&read](request& request) { return reads_all(request, read); }, large);
    client_stage stage{world};
    serving_end server{stage, serve(std::move(routes))};
    task_scope beside{world.loop().env(), [](const error&) {}};
    beside.spawn(takes_turns(read, most));
    auto request = made(method::post, "/");
    request.set_body(std::string(large_body, 'x'));
    auto response = co_await or_return(stage.client().send(request));
    EXPECT_EQ(response.status(), status::ok);
    EXPECT_EQ(read, large_body);
    co_return {};
}

// The same of a server whose peer is quick.
TEST_P(http_client_steady_state_test, leaves_its_loop_to_others_while_a_handler_reads) {
    std::size_t most = 0;
    run(uploads_beside_others(*world_, most));
    EXPECT_LE(most, 66 * io::slab_room);
}

}  // namespace
}  // namespace weir::inline v0::http
