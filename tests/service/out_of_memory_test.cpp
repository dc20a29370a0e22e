// A heap that refuses one request, whichever of all that a connection's first request needs, or a
// trace, or a take-over.
#include <atomic>
#include <deque>
#include <thread>

#include "weir/http/server.hpp"
#include "weir/io/local_message.hpp"
#include "weir/json/writer.hpp"
#include "weir/task/or_return.hpp"

#include "service/admin_client.hpp"
#include "service/line_service.hpp"
#include "service/running_service.hpp"
#include "service/thread_teller.hpp"
#include "support/allocations.hpp"
#include "support/blocking_client.hpp"
#include "support/scratch_folder.hpp"

namespace weir::inline v0 {
namespace {

using test::blocking_client;
using test::running_service;

class refusing_heap : public service_on {};

INSTANTIATE_TEST_SUITE_P(engines, refusing_heap, testing::ValuesIn(kernel_engines), name_of_engine);

task<result<http::response>> item(http::request& request) {
    const std::string id{request.param("id")};
    const std::string filter{request.query("filter").value_or("")};
    (void)co_await sleep(std::chrono::milliseconds{1});
    io::block_writer body{request.blocks()};
    json::writer json{body};
    json.begin_array();
    json.string(id);
    json.string(filter);
    json.string(std::string(20'000, 'x'));
    json.end_array();
    http::response answer;
    answer.set_body(std::move(body));
    co_return std::move(answer);
}

task<result<http::response>> give_back(http::request& request) {
    const bytes_view body = co_await or_return(request.read_body());
    co_return http::text(std::string{as_text(body)});
}

http::router routes() {
    http::router made;
    made.route("GET", "/items/{id}", item).route("POST", "/echo", give_back);
    return made;
}

std::string ask(const service& service, std::string_view request) {
    blocking_client client{service.local(0)};
    if (!client.send(request)) return {};
    client.shutdown();
    return client.receive_all();
}

// Whether as much as one was refused where so many are granted before.
bool asks_in_vain(const service_options& options, std::string_view request, std::uint64_t granted) {
    service service{options};
    test::thread_teller teller;
    service.listen("127.0.0.1:0", http::serve(routes()));
    teller.listen(service);
    running_service running{service};
    heap::refuse_one(teller.ask(service, 1), granted);
    const std::string answer = ask(service, request);
    const bool refused = heap::refuse_none();
    const std::string status = answer.substr(0, 12);
    EXPECT_TRUE(answer.empty() || status == "HTTP/1.1 200" || status == "HTTP/1.1 503" ||
                status == "HTTP/1.1 500")
        << granted << ": " << answer.substr(0, 200);
    if (!refused) {
        EXPECT_EQ(status, "HTTP/1.1 200");
    }
    EXPECT_EQ(ask(service, request).substr(0, 12), "HTTP/1.1 200") << granted;
    EXPECT_TRUE(running.drain().has_value()) << granted;
    return refused;
}

void sweep(const service_options& options, std::string_view request) {
    std::uint64_t granted = 0;
    while (asks_in_vain(options, request, granted) && !testing::Test::HasFailure()) ++granted;
    EXPECT_GT(granted, 10U) << "no test of anything";
}

// BEHAVIOUR.md, Process, "bad_alloc anywhere".
TEST_P(refusing_heap, costs_one_answer_and_no_other) {
    if constexpr (!heap::counted) GTEST_SKIP() << "the heap is a sanitizer's";
    sweep(options(1), "GET /items/a%20b?filter=c%20d HTTP/1.1\r\nHost: h\r\n\r\n");
}

TEST_P(refusing_heap, costs_one_answer_to_a_large_body_and_no_other) {
    if constexpr (!heap::counted) GTEST_SKIP() << "the heap is a sanitizer's";
    const std::string body(100'000, 'y');
    sweep(options(1), "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n" + body);
}

// Asks the heap for nothing once it is warm.
task<> send_back(net::connection& connection) {
    while (auto more = co_await connection.fill()) {
        connection.write(connection.input());
        connection.consume(connection.input().size());
        if (auto sent = co_await connection.flush(); !sent) co_return;
    }
}

bool is_sent_back(blocking_client& client) {
    const std::string line(4000, 'z');
    return client.send(line) && client.receive_exactly(line.size()) == line;
}

constexpr std::string_view one_word = "word\n";

bool gets_its_word(blocking_client& client) {
    return client.send(one_word) && client.receive_exactly(one_word.size()) == one_word;
}

// So large are only the requests for what many connections share.
constexpr std::size_t large = 4096;

// Whether as much as one large request was refused to the loop while a hundred connections came to
// two hundred that stay.
bool stay_in_vain(const service_options& options, std::uint64_t granted) {
    service service{options};
    test::thread_teller teller;
    service.listen("127.0.0.1:0", answer_lines);
    teller.listen(service);
    running_service running{service};
    const pthread_t loop = teller.ask(service, 1);
    std::deque<blocking_client> open;
    while (open.size() < 200) EXPECT_TRUE(gets_its_word(open.emplace_back(service.local(0))));
    heap::refuse_one(loop, granted, large);
    int lost = 0;
    for (int come = 0; come < 100; ++come) {
        if (gets_its_word(open.emplace_back(service.local(0)))) continue;
        open.pop_back();
        ++lost;
    }
    const bool refused = heap::refuse_none();
    EXPECT_LE(lost, refused ? 1 : 0) << granted;
    for (blocking_client& each : open) EXPECT_TRUE(gets_its_word(each)) << granted;
    open.clear();
    EXPECT_TRUE(running.drain().has_value()) << granted;
    return refused;
}

TEST_P(refusing_heap, costs_one_of_three_hundred_connections_and_no_other) {
    if constexpr (!heap::counted) GTEST_SKIP() << "the heap is a sanitizer's";
    std::uint64_t granted = 0;
    while (stay_in_vain(options(1), granted) && !HasFailure()) ++granted;
    if (GetParam() == io::engine_kind::uring) {
        EXPECT_GT(granted, 0U) << "no test of anything";
    }
}

// What became of traces, and what of the heap's refusals they met.
struct traces {
    bool refused = true;
    int failed = 0;
    int cut_short = 0;

    void took(const std::string& answer) {
        if (answer.starts_with("HTTP/1.1 503")) ++failed;
        const bool whole = answer.find("no more is kept\n") != std::string::npos;
        if (answer.starts_with("HTTP/1.1 200") && !whole) ++cut_short;
    }
};

// Traces a connection that goes on until that has ended, with the whole of what a trace may hold.
// On a loop of its own: the admin page, and what its answer needs, are another's.
void traces_in_vain(const service_options& options, std::uint64_t granted, traces& seen) {
    service service{options};
    std::atomic<pthread_t> loop{};
    service.admin("127.0.0.1:0");
    service.listen("127.0.0.1:0", [&](net::connection& connection) {
        loop = ::pthread_self();
        return send_back(connection);
    });
    running_service running{service};
    blocking_client on_first_loop{service.local(1)};
    ASSERT_TRUE(is_sent_back(on_first_loop));
    const pthread_t first = loop;
    blocking_client traced{service.local(1)};  // the second connection of this service
    ASSERT_TRUE(is_sent_back(traced));
    ASSERT_NE(loop, first);
    heap::refuse_one(loop, granted);
    std::string answer;
    std::atomic<bool> answered = false;
    std::jthread asking{[&] {
        answer = test::get(service, "/debug/connections/2/wire?seconds=5");
        answered = true;
    }};
    bool sent_back = true;
    while (!answered && sent_back) sent_back = is_sent_back(traced);
    asking.join();
    seen.refused = heap::refuse_none();
    seen.took(answer);
    if (!seen.refused) {
        EXPECT_NE(answer.find("no more is kept\n"), std::string::npos) << answer.substr(0, 200);
    }
    EXPECT_TRUE(sent_back && is_sent_back(traced)) << granted;
    EXPECT_TRUE(test::get(service, "/healthz").starts_with("HTTP/1.1 200")) << granted;
}

TEST_P(refusing_heap, costs_a_wire_trace_and_not_what_is_traced) {
    if constexpr (!heap::counted) GTEST_SKIP() << "the heap is a sanitizer's";
    service_options wanted = options(2);
    wanted.wire_traces = true;
    traces seen;
    for (std::uint64_t granted = 0; seen.refused && !HasFailure(); ++granted) {
        traces_in_vain(wanted, granted, seen);
    }
    EXPECT_GT(seen.failed, 0) << "no trace was refused";
    EXPECT_GT(seen.cut_short, 0) << "no trace lost its end";
}

// What a service says to a successor that asks, and leaves then; empty where it hangs up.
std::string words_to_successor(const service_options& options) {
    auto asking = io::connect_local(io::endpoint::unix_path(options.takeover_path));
    if (!asking) return {};
    const auto got = io::receive_sockets(*asking, std::chrono::seconds{10});
    return got ? got->text : std::string{};
}

bool hands_over_in_vain(const service_options& options, std::uint64_t granted) {
    service service{options};
    test::thread_teller teller;
    teller.listen(service);
    running_service running{service};
    heap::refuse_one(teller.ask(service, 0), granted);
    (void)words_to_successor(options);
    const bool refused = heap::refuse_none();
    // Where the one before is not forgotten yet, the next asks again.
    EXPECT_TRUE(test::eventually([&] {
        return words_to_successor(options).starts_with("weir-takeover 1\n");
    })) << granted;
    EXPECT_TRUE(running.drain().has_value()) << granted;
    return refused;
}

TEST_P(refusing_heap, costs_one_take_over_and_not_those_that_follow) {
    if constexpr (!heap::counted) GTEST_SKIP() << "the heap is a sanitizer's";
    const test::scratch_folder folder;
    service_options wanted = options(1);
    wanted.takeover_path = folder.file("takeover.sock");
    std::uint64_t granted = 0;
    while (hands_over_in_vain(wanted, granted) && !HasFailure()) ++granted;
    EXPECT_GT(granted, 10U) << "no test of anything";
}

}  // namespace
}  // namespace weir::inline v0
