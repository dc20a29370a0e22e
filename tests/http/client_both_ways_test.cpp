// Requests whose bodies are written while their responses are read.
#include <string>

#include "weir/task/when_all.hpp"

#include "http/both_ways.hpp"
#include "http/server_end.hpp"
#include "http/serving_end.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

class http_client_both_ways_test : public http_client_test {};

INSTANTIATE_TEST_SUITE_P(on, http_client_both_ways_test, testing::ValuesIn(io::engine_names()),
                         io::name_of);

task<result<>> sends_back(request& asked, body_writer& out) {
    for (;;) {
        const bytes_view piece = co_await or_return(asked.body_chunk());
        if (piece.empty()) co_return {};
        co_await or_return(out.write(as_text(piece)));
    }
}

response mirrored(request& asked) {
    response answer;
    answer.stream([&asked](body_writer& out) { return sends_back(asked, out); });
    return answer;
}

server mirror() {
    router routes;
    routes.route("POST", "/mirror", mirrored);
    return serve(std::move(routes));
}

task<result<>> in_turn(io::engine_world& world) {
    client_stage stage{world};
    serving_end server{stage, mirror()};
    for (int round = 0; round < 3; ++round) {
        auto upload = co_await or_return(stage.client().upload(made(method::post, "/mirror")));
        co_await or_return(upload.write(as_bytes("first")));
        auto response = co_await or_return(upload.response());
        EXPECT_EQ(response.status(), status::ok);
        std::string back = "first";
        for (int at = 0; at < 50; ++at) {
            const std::string piece = "piece " + std::to_string(at);
            if (at > 0) co_await or_return(upload.write(as_bytes(piece)));
            const std::string expected = at > 0 ? piece : "first";
            std::string got;
            while (got.size() < expected.size()) {
                const bytes_view more = co_await or_return(response.read());
                got += as_text(more);
            }
            EXPECT_EQ(got, expected);
        }
        co_await or_return(upload.end());
        const bytes_view end = co_await or_return(response.read());
        EXPECT_TRUE(end.empty());
    }
    EXPECT_EQ(stage.counted("weir_http_client_failures_total"), 0);
    co_return {};
}

TEST_P(http_client_both_ways_test, converses_within_one_request) { run(in_turn(*world_)); }

// As a server does that goes on behind such a request.
task<result<>> mirrors_two(client_stage& stage) {
    auto peer = co_await or_return(stage.take());
    for (int request = 0; request < 2; ++request) {
        co_await or_return(peer->hear_head());
        co_await or_return(peer->say(std::string{chunked_head}));
        for (std::string chunk; chunk != "0\r\n\r\n";) {
            chunk = co_await or_return(peer->hear_until("\r\n"));
            chunk += co_await or_return(peer->hear_until("\r\n"));
            co_await or_return(peer->say(chunk));
        }
    }
    EXPECT_EQ(co_await peer->end(), errc::end_of_stream);
    co_return {};
}

task<result<>> one_behind_another(io::engine_world& world) {
    client_stage stage{world};
    stage.beside(mirrors_two(stage));
    for (int request = 0; request < 2; ++request) {
        auto upload = co_await or_return(stage.client().upload(made(method::post)));
        auto response = co_await or_return(upload.response());
        for (int at = 0; at < 3; ++at) {
            co_await or_return(upload.write(as_bytes("piece")));
            EXPECT_EQ(as_text(co_await or_return(response.read())), "piece");
        }
        co_await or_return(upload.end());
        EXPECT_EQ(co_await or_return(response.text()), "");
        EXPECT_EQ(stage.client().connections().in_use, 1U);
    }
    EXPECT_EQ(stage.client().connections().idle, 1U);
    stage.client().close();
    co_await stage.scope.join();
    co_return {};
}

TEST_P(http_client_both_ways_test, gives_the_connection_back_behind_both) {
    run(one_behind_another(*world_));
}

constexpr std::size_t written_size = std::size_t{4} << 20U;

task<result<>> writes_much(client_upload& to) {
    const std::string piece(10'000, 'x');
    for (std::size_t left = written_size; left > 0;) {
        const std::size_t part = std::min(left, piece.size());
        co_await or_return(to.write(as_bytes(std::string_view{piece}.substr(0, part))));
        left -= part;
    }
    co_return co_await to.end();
}

task<result<std::size_t>> reads_all(client_response& from) {
    std::size_t size = 0;
    for (;;) {
        const bytes_view piece = co_await or_return(from.read());
        if (piece.empty()) co_return size;
        size += piece.size();
    }
}

task<result<std::size_t>> answered_with(client_upload& upload) {
    auto response = co_await or_return(upload.response());
    co_return co_await reads_all(response);
}

task<result<>> at_once(io::engine_world& world) {
    client_stage stage{world};
    router routes;
    route_options large;
    large.max_body_bytes = written_size;
    routes.route("POST", "/mirror", mirrored, large);
    serving_end server{stage, serve(std::move(routes))};
    for (int round = 0; round < 2; ++round) {
        auto upload = co_await or_return(stage.client().upload(made(method::post, "/mirror")));
        auto [written, read] = co_await when_all(writes_much(upload), answered_with(upload));
        EXPECT_TRUE(written.has_value()) << written.error().message();
        EXPECT_EQ(read.value_or(0), written_size);
    }
    EXPECT_EQ(stage.counted("weir_http_client_failures_total"), 0);
    co_return {};
}

// Neither could be held by what lies between them.
TEST_P(http_client_both_ways_test, writes_and_reads_much_at_the_same_time) {
    world_->set_patience(10min);  // of which little passes but on the simulator's clock
    run(at_once(*world_));
}

task<result<>> answers_whole(client_stage& stage) {
    auto peer = co_await or_return(stage.take());
    co_await or_return(peer->hear_head());
    co_await or_return(peer->say(answer("enough")));
    co_await or_return(peer->hear_until("0\r\n\r\n"));
    co_await or_return(peer->hear_head());
    co_await or_return(peer->say(answer("next")));
    (void)co_await peer->end();
    co_return {};
}

task<result<>> reads_before_it_writes(io::engine_world& world) {
    client_stage stage{world};
    stage.beside(answers_whole(stage));
    {
        auto upload = co_await or_return(stage.client().upload(made(method::post)));
        {
            auto response = co_await or_return(upload.response());
            EXPECT_EQ(co_await or_return(response.text()), "enough");
        }
        co_await or_return(upload.write(as_bytes("all the same")));
        EXPECT_EQ(stage.client().connections().idle, 0U);
        co_await or_return(upload.end());
    }
    EXPECT_EQ(stage.client().connections().idle, 1U);
    EXPECT_EQ(co_await got(stage.client(), "/"), "next");
    co_return {};
}

TEST_P(http_client_both_ways_test, writes_on_behind_a_response_that_has_ended) {
    run(reads_before_it_writes(*world_));
}

task<result<>> asked_twice(io::engine_world& world) {
    client_stage stage{world};
    serving_end server{stage, mirror()};
    auto upload = co_await or_return(stage.client().upload(made(method::post, "/mirror")));
    co_await or_return(upload.end());
    const auto more = co_await upload.write(as_bytes("more"));
    EXPECT_EQ(more.error(), errc::closed);
    const auto end = co_await upload.end();
    EXPECT_EQ(end.error(), errc::closed);
    auto response = co_await or_return(upload.response());
    const auto again = co_await upload.response();
    EXPECT_EQ(again.error(), errc::closed);
    EXPECT_EQ(co_await or_return(response.text()), "");
    co_return {};
}

TEST_P(http_client_both_ways_test, has_one_end_and_one_response) { run(asked_twice(*world_)); }

enum class closes : std::uint8_t { server, client };

task<result<>> ends_behind_the_response(io::engine_world& world, closes who) {
    client_stage stage{world};
    account peer;
    const std::string_view field = who == closes::server ? "Connection: close\r\n" : "";
    stage.beside(answers_and_listens(stage, answer("enough", field), peer));
    {
        auto upload = co_await or_return(stage.client().upload(made(method::post)));
        {
            auto response = co_await or_return(upload.response());
            EXPECT_EQ(co_await or_return(response.text()), "enough");
        }
        if (who == closes::client) stage.client().close();
        co_await or_return(upload.write(as_bytes("the rest")));
        co_await or_return(upload.end());
    }
    stage.client().close();
    co_await stage.scope.join();
    EXPECT_EQ(peer.heard, "8\r\nthe rest\r\n0\r\n\r\n");
    EXPECT_EQ(peer.ended, errc::end_of_stream);
    co_return {};
}

TEST_P(http_client_both_ways_test, sends_all_before_it_gives_up_a_connection) {
    run(ends_behind_the_response(*world_, closes::server));
    run(ends_behind_the_response(*world_, closes::client));
}

// Its end was not read, and has come.
task<result<>> drops_one_that_has_come(io::engine_world& world, std::string text,
                                       std::string_view body) {
    client_stage stage{world};
    account peer;
    stage.beside(answers_and_listens(stage, std::move(text), peer));
    {
        auto upload = co_await or_return(stage.client().upload(made(method::post)));
        {
            auto response = co_await or_return(upload.response());
            std::string got;
            while (got.size() < body.size()) {
                const bytes_view piece = co_await or_return(response.read());
                got += as_text(piece);
            }
        }
        co_await or_return(upload.write(as_bytes("all")));
        co_await or_return(upload.end());
    }
    EXPECT_EQ(stage.client().connections().idle, 1U);
    stage.client().close();
    co_await stage.scope.join();
    EXPECT_EQ(peer.heard, "3\r\nall\r\n0\r\n\r\n");
    co_return {};
}

TEST_P(http_client_both_ways_test, writes_on_behind_a_response_that_was_dropped_whole) {
    run(drops_one_that_has_come(*world_, "HTTP/1.1 204 No Content\r\n\r\n", ""));
    run(drops_one_that_has_come(*world_, answer("all here"), "all here"));
}

class http_client_both_ways_time_test : public http_client_test {};

// Where time passes exactly as the timers say.
INSTANTIATE_TEST_SUITE_P(on, http_client_both_ways_time_test, testing::Values("sim"), io::name_of);

task<result<>> answers_at_the_end(client_stage& stage) {
    auto peer = co_await or_return(stage.take());
    co_await or_return(peer->hear_until("0\r\n\r\n"));
    co_await or_return(peer->say(answer("heard")));
    (void)co_await peer->end();
    co_return {};
}

task<result<>> writes_slowly(client_upload& to, int pieces, bool ends) {
    for (int at = 0; at < pieces; ++at) {
        co_await or_return(sleep(600ms));
        co_await or_return(to.write(as_bytes("piece")));
    }
    if (ends) co_await or_return(to.end());
    co_return {};
}

task<result<>> waits_for_the_head(io::engine_world& world, bool ends) {
    client_stage stage{world};
    stage.options.head_timeout = 1s;
    task_scope serving{world.loop().env(), [](const error&) {}};
    serving.spawn(answers_at_the_end(stage));
    auto upload = co_await or_return(stage.client().upload(made(method::post)));
    const time_point begun = world.loop().now();
    auto [read, written] = co_await when_all(answered_with(upload), writes_slowly(upload, 5, ends));
    if (ends) {
        EXPECT_EQ(read.value_or(0), 5U);
    } else {
        EXPECT_EQ(read.error(), errc::timed_out);
        EXPECT_EQ(world.loop().now() - begun, 4s) << "3 s of writing, and a second behind it";
    }
    co_return {};
}

TEST_P(http_client_both_ways_time_test, gives_a_server_time_for_as_long_as_it_is_written_to) {
    run(waits_for_the_head(*world_, true));
}

TEST_P(http_client_both_ways_time_test, gives_up_a_server_behind_what_was_written_last) {
    run(waits_for_the_head(*world_, false));
}

}  // namespace
}  // namespace weir::inline v0::http
