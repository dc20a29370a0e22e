// Handlers that throw: who runs the service is told which one, where, and what it threw.
#include <regex>
#include <stdexcept>
#include <string>

#include "weir/http/server.hpp"

#include "service/line_service.hpp"
#include "service/running_service.hpp"
#include "support/blocking_client.hpp"

namespace weir::inline v0 {
namespace {

using test::blocking_client;
using test::eventually;
using test::running_service;

class failing_handlers : public service_on {
protected:
    static service_options options() {
        service_options made = service_on::options(1);
        made.log_level = log_level::error;
        return made;
    }
};

INSTANTIATE_TEST_SUITE_P(engines, failing_handlers, testing::ValuesIn(kernel_engines),
                         name_of_engine);

bool matches(const std::string& log, const std::string& expression) {
    return std::regex_search(log, std::regex{expression});
}

http::response throws(http::request&) { throw std::runtime_error{"a handler's bug"}; }

task<http::response> throws_later(http::request&) {
    co_await yield();
    throw 7;
}

// BEHAVIOUR.md, Process, "a handler's exception: 500", with the options' defaults.
TEST_P(failing_handlers, of_http_are_counted_and_named_in_the_log) {
    service service{options()};
    http::server_options counted;
    counted.metrics = &service.metrics();
    http::router routes;
    routes.route("GET", "/now/{id}", throws).route("GET", "/later", throws_later);
    service.listen("127.0.0.1:0", http::serve(std::move(routes), counted));
    testing::internal::CaptureStderr();
    {
        running_service running{service};
        for (const std::string_view path : {"/now/1", "/later"}) {
            blocking_client asks{service.local(0)};
            asks.send("GET " + std::string{path} + " HTTP/1.1\r\nHost: h\r\n\r\n");
            asks.shutdown();
            EXPECT_TRUE(asks.receive_all().starts_with("HTTP/1.1 500 ")) << path;
        }
        EXPECT_TRUE(running.drain().has_value());
    }
    const std::string log = testing::internal::GetCapturedStderr();
    EXPECT_TRUE(has(service, "weir_http_handler_exceptions_total 2\n"));
    EXPECT_TRUE(matches(log,
                        "the handler of /now/\\{id\\} for 127\\.0\\.0\\.1:[0-9]+ threw: "
                        "a handler's bug \\(request [0-9a-f]+\\)\n"))
        << log;
    EXPECT_TRUE(matches(log,
                        "the handler of /later for [0-9.:]+ threw: "
                        "an exception of an unknown type \\(request "))
        << log;
}

// Of a protocol that has no 500.
TEST_P(failing_handlers, of_connections_are_counted_and_named_in_the_log) {
    service service{options()};
    service.listen("127.0.0.1:0", answer_lines);
    testing::internal::CaptureStderr();
    {
        running_service running{service};
        blocking_client broken{service.local(0)};
        EXPECT_TRUE(broken.send("throw\n"));
        EXPECT_EQ(broken.receive_all(), "");
        EXPECT_TRUE(running.drain().has_value());
    }
    const std::string log = testing::internal::GetCapturedStderr();
    EXPECT_TRUE(has(service, "weir_connection_failures_total 1\n"));
    EXPECT_TRUE(has(service, "weir_connections_closed_total{reason=\"failed\"} 1\n"));
    EXPECT_TRUE(matches(log,
                        "a connection failed: the handler of 127\\.0\\.0\\.1:[0-9]+ on "
                        "127\\.0\\.0\\.1:0 threw: a handler's bug\n"))
        << log;
}

}  // namespace
}  // namespace weir::inline v0
