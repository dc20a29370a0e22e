// A heap that refuses one request, whichever of all that a connection's first request needs.
#include "weir/http/server.hpp"
#include "weir/json/writer.hpp"
#include "weir/task/or_return.hpp"

#include "service/line_service.hpp"
#include "service/running_service.hpp"
#include "service/thread_teller.hpp"
#include "support/allocations.hpp"
#include "support/blocking_client.hpp"

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

}  // namespace
}  // namespace weir::inline v0
