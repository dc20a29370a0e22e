// The admin pages, as a client sees them.
#include <atomic>
#include <chrono>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "weir/http/response.hpp"
#include "weir/service/service.hpp"

#include "service/admin_client.hpp"
#include "service/line_service.hpp"
#include "service/running_service.hpp"
#include "service/stalled_second_loop.hpp"

namespace weir::inline v0 {
namespace {

using test::eventually;
using test::get;
using test::running_service;

TEST(admin, tells_metrics_in_prometheus_text) {
    service service{test::quiet_options()};
    service.admin("127.0.0.1:0");
    running_service running{service};
    const std::string page = get(service, "/metrics");
    EXPECT_EQ(page.substr(0, 15), "HTTP/1.1 200 OK");
    EXPECT_NE(page.find("version=0.0.4"), std::string::npos);
    EXPECT_NE(page.find("weir_connections_open 1\n"), std::string::npos);
    EXPECT_NE(page.find("weir_connections_total{protocol=\"admin\"} 1\n"), std::string::npos);
    EXPECT_NE(page.find("weir_build_info{version=\""), std::string::npos);
}

// BEHAVIOUR.md, Process: "not ready (and, where configured, a delay)".
TEST(admin, is_not_ready_while_a_drain_is_delayed_and_connections_are_served_all_the_same) {
    service_options options = test::quiet_options();
    options.drain_delay = std::chrono::milliseconds{1500};
    service service{options};
    service.admin("127.0.0.1:0");
    service.listen("127.0.0.1:0", answer_lines);
    running_service running{service};
    // There is no asking where they are, once they are closed.
    const io::endpoint pages = service.local(0), lines = service.local(1);
    const auto readiness = [&] {
        test::blocking_client asks{pages};
        asks.send("GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        return asks.receive_all();
    };
    service.drain();
    std::string page;
    EXPECT_TRUE(eventually([&] {
        page = readiness();
        return page.starts_with("HTTP/1.1 503 ");
    }));
    EXPECT_NE(page.find("accepting: no, draining\n"), std::string::npos) << page;
    test::blocking_client comes_late{lines};
    EXPECT_TRUE(comes_late.send("late\n"));
    EXPECT_EQ(comes_late.receive_exactly(5), "late\n");
    EXPECT_TRUE(readiness().starts_with("HTTP/1.1 503 "));
    EXPECT_TRUE(running.wait().has_value());
}

TEST(admin, is_healthy_and_ready_while_it_serves) {
    service service{test::quiet_options()};
    service.admin("127.0.0.1:0");
    service.ready_when("database", [] { return result<>{}; });
    running_service running{service};
    EXPECT_NE(get(service, "/healthz").find("200 OK"), std::string::npos);
    const std::string ready = get(service, "/readyz");
    EXPECT_NE(ready.find("200 OK"), std::string::npos);
    EXPECT_NE(ready.find("database: ok"), std::string::npos);
}

TEST(admin, is_not_ready_while_something_it_depends_on_is_not) {
    service service{test::quiet_options()};
    service.admin("127.0.0.1:0");
    service.ready_when("database",
                       []() -> result<> { return fail(errc::unavailable, "no database"); });
    running_service running{service};
    const std::string ready = get(service, "/readyz");
    EXPECT_NE(ready.find("503"), std::string::npos);
    EXPECT_NE(ready.find("database: no database"), std::string::npos);
    EXPECT_NE(get(service, "/healthz").find("200 OK"), std::string::npos);
}

TEST(admin, is_not_healthy_while_a_loop_stalls) {
    test::stalled_second_loop stalled;
    service& service = stalled.service;
    EXPECT_NE(get(service, "/healthz").find("200 OK"), std::string::npos);
    EXPECT_TRUE(eventually([&] {
        const std::string page = get(service, "/healthz");
        return page.find("503") != std::string::npos &&
               page.find("loop 1 does not turn") != std::string::npos;
    }));
    stalled.release();
    EXPECT_TRUE(
        eventually([&] { return get(service, "/healthz").find("200 OK") != std::string::npos; }));
}

TEST(admin, answers_only_to_this_machines_names) {
    service service{test::quiet_options()};
    service.admin("127.0.0.1:0");
    running_service running{service};
    EXPECT_NE(get(service, "/metrics", "localhost:8081").find("200 OK"), std::string::npos);
    EXPECT_NE(get(service, "/metrics", "127.0.0.1").find("200 OK"), std::string::npos);
    EXPECT_NE(get(service, "/metrics", "evil.example").find("421"), std::string::npos);
    EXPECT_NE(get(service, "/metrics", "localhost.evil.example").find("421"), std::string::npos);
    EXPECT_NE(get(service, "/metrics", "192.0.2.1").find("421"), std::string::npos);
}

TEST(admin, answers_to_the_names_that_it_is_given) {
    service service{test::quiet_options()};
    service.admin("127.0.0.1:0", {"metrics.example", "[2001:db8::1]"});
    running_service running{service};
    EXPECT_NE(get(service, "/metrics", "metrics.example").find("200 OK"), std::string::npos);
    EXPECT_NE(get(service, "/metrics", "Metrics.Example:99").find("200 OK"), std::string::npos);
    EXPECT_NE(get(service, "/metrics", "[2001:db8::1]:99").find("200 OK"), std::string::npos);
    EXPECT_NE(get(service, "/metrics", "metrics.example.evil").find("421"), std::string::npos);
}

TEST(admin, asks_its_guard_who_is_let_in_and_how_far) {
    service service{test::quiet_options()};
    std::atomic<int> asked = 0;
    service.admin("127.0.0.1:0", {}, [&asked](const http::request&, admin_reach reach) {
        ++asked;
        std::optional<http::response> refused;
        if (reach == admin_reach::control) refused = http::problem(http::status::unauthorized);
        return refused;
    });
    running_service running{service};
    for (const std::string_view path : {"/", "/metrics", "/healthz", "/readyz", "/debug/tasks",
                                        "/debug/connections", "/debug/log-level"})
        EXPECT_NE(get(service, path).find(" 200 OK"), std::string::npos) << path;
    EXPECT_NE(get(service, "/debug/connections/1/wire").find(" 401 "), std::string::npos);
    const test::admin_request put{.method = "PUT", .path = "/debug/log-level", .body = "debug"};
    EXPECT_NE(ask(service, put).find(" 401 "), std::string::npos);
    EXPECT_EQ(service.log().level(), log_level::off);
    EXPECT_EQ(asked, 9);
    EXPECT_NE(get(service, "/metrics", "evil.example").find(" 421 "), std::string::npos);
    EXPECT_EQ(asked, 9) << "a strange host comes no further";
}

TEST(admin, answers_to_any_address_where_it_listens_on_all) {
    service service{test::quiet_options()};
    service.admin("0.0.0.0:0");
    running_service running{service};
    EXPECT_NE(get(service, "/metrics", "192.0.2.1:80").find("200 OK"), std::string::npos);
    EXPECT_NE(get(service, "/metrics", "[2001:db8::1]").find("200 OK"), std::string::npos);
    EXPECT_NE(get(service, "/metrics", "192.0.2.1.evil.example").find("421"), std::string::npos);
    EXPECT_NE(get(service, "/metrics", "evil.example").find("421"), std::string::npos);
}

}  // namespace
}  // namespace weir::inline v0
