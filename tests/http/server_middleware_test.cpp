// What stands around handlers, and in which order.
#include <stdexcept>

#include <gtest/gtest.h>

#include "weir/http/server.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/with_timeout.hpp"

#include "http/house.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

class server_middleware_test : public house_test {
protected:
    std::vector<reply> replies(const server& server, std::string_view sent) {
        return replies_in(house_->ask(server, sent));
    }
};

INSTANTIATE_TEST_SUITE_P(over, server_middleware_test, testing::ValuesIn(house_names()),
                         io::name_of);

// Tells when it is entered and left, and marks the answer.
task<result<response>> passes(request& request, next next, std::string name, std::string& told) {
    told += "<" + name;
    auto answer = co_await next(request);
    told += name + ">";
    if (answer) (void)answer->add("X-Passed", name);
    co_return answer;
}

middleware passing(std::string name, std::string& told) {
    return [name = std::move(name), &told](request& request, next next) {
        return passes(request, next, name, told);
    };
}

handler tells(const char* name, std::string& told) {
    return [name, &told](request&) {
        told += std::string{" "} + name + " ";
        return text("told");
    };
}

task<response> tells_late(request&, std::string& told) {
    (void)co_await sleep(1ms);
    told += " late ";
    co_return text("told late");
}

TEST_P(server_middleware_test, stand_around_each_other_in_the_order_of_their_groups) {
    std::string told;
    router routes;
    auto api = routes.group("/api/{version}");
    auto deep = api.group("/deep");
    deep.route("GET", "/late/{x...}", [&told](request& request) {
        EXPECT_EQ(request.param("version"), "v1");
        EXPECT_EQ(request.param("x"), "y/z");
        EXPECT_EQ(request.route(), "/api/{version}/deep/late/{x...}");
        return tells_late(request, told);
    });
    api.route("GET", "", tells("api", told));
    routes.route("GET", "/", tells("root", told));
    // Whatever was added before them.
    deep.use(passing("d", told));
    api.use(passing("b", told)).use(passing("c", told));
    routes.use(passing("a", told));
    const auto got =
        replies(serve(std::move(routes)), get("/") + get("/api/v1") + get("/api/v1/deep/late/y/z"));
    ASSERT_EQ(got.size(), 3U);
    EXPECT_EQ(told, "<a root a><a<b<c api c>b>a><a<b<c<d late d>c>b>a>");
    EXPECT_EQ(got[2].body, "told late");
    EXPECT_EQ(got[2].fields.at("x-passed"), "a") << "the outermost is the last";
}

TEST_P(server_middleware_test, see_what_no_route_answers_and_what_fails) {
    std::string told;
    router routes;
    routes.use(passing("a", told));
    routes.group("/in").use(passing("b", told)).route("POST", "/it", hello);
    const auto got =
        replies(serve(std::move(routes)),
                get("/none") + get("/in/it") + "OPTIONS /in/it HTTP/1.1\r\nHost: h\r\n\r\n");
    ASSERT_EQ(got.size(), 3U);
    EXPECT_EQ(got[0].status, 404);
    EXPECT_EQ(got[1].status, 405);
    EXPECT_EQ(got[1].fields.at("allow"), "POST, OPTIONS");
    EXPECT_EQ(got[1].fields.at("x-passed"), "a");
    EXPECT_EQ(got[2].status, 204);
    EXPECT_EQ(told, "<aa><aa><aa>");
}

task<result<response>> admits(request& request, next next) {
    if (!request.header("Authorization")) {
        co_return problem(status::unauthorized);
    }
    co_return co_await next(request);
}

TEST_P(server_middleware_test, may_answer_in_the_place_of_what_is_inside) {
    std::string told;
    router routes;
    routes.use(admits).route("GET", "/", tells("handler", told));
    const auto got = replies(serve(std::move(routes)),
                             get("/") + get("/", "Authorization: Bearer x\r\n") + get("/none"));
    ASSERT_EQ(got.size(), 3U);
    EXPECT_EQ(got[0].status, 401);
    EXPECT_EQ(got[1].status, 200);
    EXPECT_EQ(got[2].status, 401) << "what there is, is nobody's business";
    EXPECT_EQ(told, " handler ");
}

result<response> conflicts(request&) { return fail(errc::conflict); }
response throws_inside(request&) { throw std::runtime_error{"inside"}; }

task<result<response>> translates(request& request, next next) {
    auto answer = co_await or_return(next(request));
    (void)answer.add("X-Reached", "yes");
    co_return answer;
}

task<result<response>> catches(request& request, next next) {
    std::string what;
    try {
        co_return co_await next(request);
    } catch (const std::exception& exception) {
        what = exception.what();
    }
    co_return text(std::move(what));
}

task<result<response>> throws_itself(request&, next) {
    throw std::runtime_error{"a middleware"};
    co_return fail(errc::internal);
}

TEST_P(server_middleware_test, hand_errors_and_exceptions_on) {
    std::vector<std::string> seen;
    server_options options;
    options.on_exception = [&](const request&, const error& why) { seen.emplace_back(why.text()); };
    router routes;
    auto plain = routes.group("/plain").use(translates);
    plain.route("GET", "/fails", conflicts).route("GET", "/throws", throws_inside);
    routes.group("/catches").use(catches).use(translates).route("GET", "/throws", throws_inside);
    routes.group("/throws").use(throws_itself).route("GET", "", hello);
    const auto got = replies(serve(std::move(routes), options),
                             get("/plain/fails") + get("/plain/throws") + get("/catches/throws") +
                                 get("/throws") + get("/none"));
    ASSERT_EQ(got.size(), 5U);
    EXPECT_EQ(got[0].status, 409);
    EXPECT_EQ(got[0].fields.count("x-reached"), 0U);
    EXPECT_EQ(got[1].status, 500);
    EXPECT_EQ(got[2].body, "inside");
    EXPECT_EQ(got[3].status, 500);
    EXPECT_EQ(seen, (std::vector<std::string>{"inside", "a middleware"}));
}

task<result<response>> sleeps_behind(request&) {
    co_await or_return(sleep(10s));
    co_return text("slept");
}

task<result<response>> hurries(request& request, next next) {
    auto answer = co_await with_timeout(5ms, next(request));
    if (!answer && answer.error() == errc::timed_out) co_return text("too late");
    co_return answer;
}

TEST_P(server_middleware_test, may_narrow_the_time_of_what_is_inside) {
    router routes;
    routes.use(hurries).route("GET", "/", sleeps_behind).route("GET", "/now", hello);
    const auto got = replies(serve(std::move(routes)), get("/") + get("/now"));
    ASSERT_EQ(got.size(), 2U);
    EXPECT_EQ(got[0].body, "too late");
    EXPECT_EQ(got[1].body, "hello");
}

task<result<response>> reads_first(request& request, next next) {
    co_await or_return(request.read_body());
    co_return co_await next(request);
}

TEST_P(server_middleware_test, may_read_the_body_that_the_handler_reads_again) {
    router routes;
    routes.use(reads_first).route("POST", "/", echo);
    const std::string body = io::pattern(100'000);
    const auto got = replies(serve(std::move(routes)), post("/", body) + post("/", "short"));
    ASSERT_EQ(got.size(), 2U);
    EXPECT_TRUE(got[0].body == body);
    EXPECT_EQ(got[1].body, "short");
}

TEST_P(server_middleware_test, stand_around_what_answers_otherwise) {
    std::string told;
    router routes;
    routes.otherwise([&told](request& request) {
        told += request.allowed().empty() ? " none " : request.allowed().text();
        return text("otherwise");
    });
    routes.use(passing("a", told)).route("POST", "/", hello);
    const auto got = replies(serve(std::move(routes)), get("/x") + get("/"));
    ASSERT_EQ(got.size(), 2U);
    EXPECT_EQ(got[1].body, "otherwise");
    EXPECT_EQ(told, "<a none a><aPOST, OPTIONSa>");
}

}  // namespace
}  // namespace weir::inline v0::http
