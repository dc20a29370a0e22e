// Requests whose bodies are written while their responses are read, where one of both leaves, or is
// left alone.
#include <optional>
#include <string>
#include <utility>

#include "weir/task/when_all.hpp"

#include "http/both_ways.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

class http_client_both_ways_loss_test : public http_client_test {};

INSTANTIATE_TEST_SUITE_P(on, http_client_both_ways_loss_test, testing::ValuesIn(io::engine_names()),
                         io::name_of);

// The beginning of an answer.
std::string first_piece() { return std::string{chunked_head} + one_chunk("first"); }

task<result<>> drops_the_response(io::engine_world& world) {
    client_stage stage{world};
    account peer;
    stage.beside(answers_and_listens(stage, first_piece(), peer));
    auto upload = co_await or_return(stage.client().upload(made(method::post)));
    {
        auto response = co_await or_return(upload.response());
        EXPECT_EQ(as_text(co_await or_return(response.read())), "first");
        co_await or_return(upload.write(as_bytes("more")));
    }
    const auto written = co_await upload.write(as_bytes("more"));
    EXPECT_EQ(written.error(), errc::closed);
    const auto end = co_await upload.end();
    EXPECT_EQ(end.error(), errc::closed);
    co_await stage.scope.join();
    EXPECT_EQ(peer.ended, errc::reset);
    EXPECT_EQ(stage.counted("weir_http_client_connections"), 0);
    co_return {};
}

TEST_P(http_client_both_ways_loss_test, tells_the_writer_that_nobody_reads) {
    run(drops_the_response(*world_));
}

task<result<>> never_reads(client_stage& stage, const bool& over) {
    auto peer = co_await or_return(stage.take());
    co_await or_return(peer->say(std::string{chunked_head}));
    while (!over) co_await or_return(sleep(1ms));
    co_return {};
}

task<errc> writes_until_it_fails(client_upload& to, std::size_t& written) {
    const std::string piece(10'000, 'x');
    for (;;) {
        const auto more = co_await to.write(as_bytes(piece));
        if (!more) co_return more.error().code();
        written += piece.size();
    }
}

task<> drops_when_it_waits([[maybe_unused]] client_response response, const std::size_t& written) {
    std::size_t before = 0;
    do {
        before = written;
        (void)co_await sleep(20ms);
    } while (written != before);
}

task<result<>> drops_while_written(io::engine_world& world) {
    client_stage stage{world};
    bool over = false;
    std::size_t written = 0;
    stage.beside(never_reads(stage, over));
    auto upload = co_await or_return(stage.client().upload(made(method::post)));
    auto response = co_await or_return(upload.response());
    auto [failure, dropped] = co_await when_all(writes_until_it_fails(upload, written),
                                                drops_when_it_waits(std::move(response), written));
    EXPECT_EQ(failure, errc::closed);
    over = true;
    co_return {};
}

TEST_P(http_client_both_ways_loss_test, tells_a_writer_that_waits_that_nobody_reads) {
    run(drops_while_written(*world_));
}

task<errc> reads_until_it_fails(client_response& from) {
    for (;;) {
        const auto more = co_await from.read();
        if (!more || more->empty()) co_return more ? errc{} : more.error().code();
    }
}

task<> drops_later(client_upload dropped) {
    (void)co_await sleep(10ms);
    client_upload gone{std::move(dropped)};
}

task<result<>> drops_the_upload(io::engine_world& world) {
    client_stage stage{world};
    account peer;
    stage.beside(answers_and_listens(stage, first_piece(), peer));
    {
        auto upload = co_await or_return(stage.client().upload(made(method::post)));
        auto response = co_await or_return(upload.response());
        co_await or_return(upload.write(as_bytes("half a body")));
        auto [failure, dropped] =
            co_await when_all(reads_until_it_fails(response), drops_later(std::move(upload)));
        EXPECT_EQ(failure, errc::closed);
        EXPECT_EQ(response.status(), status::ok) << "what has come of it stays";
        const auto later = co_await response.read();
        EXPECT_EQ(later.error(), errc::closed);
    }
    co_await stage.scope.join();
    EXPECT_EQ(peer.ended, errc::reset) << "and not an end that could be taken for the body's";
    co_return {};
}

TEST_P(http_client_both_ways_loss_test, tells_the_reader_that_nobody_writes) {
    run(drops_the_upload(*world_));
}

// Once it has heard of more.
task<result<>> answers_and_resets(client_stage& stage, std::string text) {
    auto peer = co_await or_return(stage.take());
    co_await or_return(peer->hear_head());
    co_await or_return(peer->say(std::move(text)));
    co_await or_return(peer->hear_until("more"));
    peer->connection().abort();
    co_return {};
}

task<result<>> lost_amid_both(io::engine_world& world) {
    client_stage stage{world};
    stage.beside(answers_and_resets(stage, first_piece()));
    auto upload = co_await or_return(stage.client().upload(made(method::post)));
    auto response = co_await or_return(upload.response());
    co_await or_return(upload.write(as_bytes("more")));
    EXPECT_EQ(co_await reads_until_it_fails(response), errc::reset);
    const auto written = co_await upload.write(as_bytes("more"));
    EXPECT_EQ(written.error(), errc::outcome_unknown);
    EXPECT_EQ(stage.counted("weir_http_client_failures_total"), 0) << "it has a response's head";
    co_return {};
}

TEST_P(http_client_both_ways_loss_test, tells_both_that_the_connection_is_lost) {
    run(lost_amid_both(*world_));
}

task<result<>> drops_the_upload_behind_the_response(io::engine_world& world) {
    client_stage stage{world};
    account peer;
    stage.beside(answers_and_listens(stage, answer("enough"), peer));
    {
        auto upload = co_await or_return(stage.client().upload(made(method::post)));
        auto response = co_await or_return(upload.response());
        EXPECT_EQ(co_await or_return(response.text()), "enough");
        co_await or_return(upload.write(as_bytes("half")));
    }
    co_await stage.scope.join();
    EXPECT_EQ(peer.ended, errc::reset);
    EXPECT_EQ(stage.counted("weir_http_client_connections"), 0);
    co_return {};
}

TEST_P(http_client_both_ways_loss_test, resets_what_is_dropped_behind_its_response) {
    run(drops_the_upload_behind_the_response(*world_));
}

task<result<>> ends_what_is_aborted(io::engine_world& world) {
    client_stage stage{world};
    account peer;
    stage.beside(answers_and_listens(stage, std::string{chunked_head}, peer));
    auto request = made(method::post);
    request.announce_body(3);
    {
        auto upload = co_await or_return(stage.client().upload(request));
        {
            auto response = co_await or_return(upload.response());
            co_await or_return(upload.write(as_bytes("all")));
        }
        const auto end = co_await upload.end();
        EXPECT_EQ(end.error(), errc::closed);
    }
    co_await stage.scope.join();
    EXPECT_EQ(peer.ended, errc::reset);
    EXPECT_EQ(stage.counted("weir_http_client_failures_total"), 0);
    co_return {};
}

TEST_P(http_client_both_ways_loss_test, does_not_take_for_ended_what_was_aborted) {
    run(ends_what_is_aborted(*world_));
}

task<result<>> writes_to_one_that_is_gone(io::engine_world& world) {
    client_stage stage{world};
    stage.beside(answers_and_resets(stage, std::string{chunked_head}));
    auto upload = co_await or_return(stage.client().upload(made(method::post)));
    auto response = co_await or_return(upload.response());
    result<> written;
    while (written) {
        written = co_await upload.write(as_bytes("more"));
        co_await or_return(sleep(1ms));
    }
    EXPECT_EQ(written.error(), errc::outcome_unknown);
    const error* const cause = written.error().cause();
    EXPECT_TRUE(cause != nullptr && *cause == errc::reset);
    co_return {};
}

TEST_P(http_client_both_ways_loss_test, notices_by_writing_that_the_server_is_gone) {
    run(writes_to_one_that_is_gone(*world_));
}

task<result<>> stops_its_writer(io::engine_world& world) {
    client_stage stage{world};
    bool over = false;
    std::size_t written = 0;
    stage.beside(never_reads(stage, over));
    auto upload = co_await or_return(stage.client().upload(made(method::post)));
    auto response = co_await or_return(upload.response());
    const auto writing = [](client_upload& to, std::size_t& count) -> task<result<>> {
        co_return fail(co_await writes_until_it_fails(to, count));
    };
    const auto stopped = co_await with_timeout(100ms, writing(upload, written));
    EXPECT_EQ(stopped.error(), errc::timed_out);
    const auto read = co_await response.read();
    EXPECT_EQ(read.error(), errc::closed) << "and not what stopped the other";
    over = true;
    co_return {};
}

TEST_P(http_client_both_ways_loss_test, keeps_to_itself_what_stopped_the_writer) {
    run(stops_its_writer(*world_));
}

enum class afterwards_response : std::uint8_t { stays, is_dropped };

task<> stops_reading(client_response response, afterwards_response then, bool& over) {
    (void)co_await sleep(20ms);
    const auto read = co_await with_timeout(20ms, response.read());
    EXPECT_EQ(read.error(), errc::timed_out);
    if (then == afterwards_response::is_dropped) client_response gone{std::move(response)};
    while (!over) (void)co_await sleep(1ms);
}

task<errc> writes_until_told(client_upload& to, bool& over) {
    std::size_t written = 0;
    const errc told = co_await writes_until_it_fails(to, written);
    over = true;
    co_return told;
}

task<result<>> stops_its_reader(io::engine_world& world, afterwards_response then) {
    client_stage stage{world};
    stage.options.write_timeout = 1h;
    bool over = false;
    stage.beside(never_reads(stage, over));
    auto upload = co_await or_return(stage.client().upload(made(method::post)));
    auto response = co_await or_return(upload.response());
    auto [told, stopped] = co_await when_all(writes_until_told(upload, over),
                                             stops_reading(std::move(response), then, over));
    EXPECT_EQ(told, errc::closed);
    co_return {};
}

TEST_P(http_client_both_ways_loss_test, tells_a_writer_that_waits_that_the_reader_was_stopped) {
    run(stops_its_reader(*world_, afterwards_response::stays));
    run(stops_its_reader(*world_, afterwards_response::is_dropped));
}

task<result<>> stops_at_the_end(io::engine_world& world) {
    client_stage stage{world};
    bool over = false;
    stage.beside(never_reads(stage, over));
    auto request = made(method::put);
    request.announce_body(world.flood());
    auto upload = co_await or_return(stage.client().upload(request));
    auto response = co_await or_return(upload.response());
    const auto all = [](client_upload& to, std::size_t size) -> task<result<>> {
        const std::string body(size, 'x');
        co_await or_return(to.write(as_bytes(body)));
        co_return co_await to.end();
    };
    const auto ended = co_await with_timeout(100ms, all(upload, world.flood()));
    EXPECT_EQ(ended.error(), errc::timed_out);
    const auto read = co_await response.read();
    EXPECT_EQ(read.error(), errc::closed);
    EXPECT_EQ(stage.counted("weir_http_client_failures_total"), 0);
    over = true;
    co_return {};
}

TEST_P(http_client_both_ways_loss_test, ends_all_where_the_end_is_stopped) {
    run(stops_at_the_end(*world_));
}

task<result<>> reads_what_had_come(io::engine_world& world) {
    client_stage stage{world};
    stage.beside(answers_and_resets(stage, answer("all there is")));
    auto upload = co_await or_return(stage.client().upload(made(method::post)));
    auto response = co_await or_return(upload.response());
    const std::string body = co_await or_return(response.text());
    result<> written;
    while (written) {
        written = co_await upload.write(as_bytes("more"));
        co_await or_return(sleep(1ms));
    }
    EXPECT_EQ(body, "all there is");
    const bytes_view end = co_await or_return(response.read());
    EXPECT_TRUE(end.empty()) << "which had come before its writer failed";
    co_return {};
}

TEST_P(http_client_both_ways_loss_test, reads_what_had_come_before_the_writer_failed) {
    run(reads_what_had_come(*world_));
}

task<result<>> mirrors_bytes(client_stage& stage) {
    for (;;) {
        auto peer = co_await or_return(stage.take());
        (void)co_await peer->hear_head();
        (void)co_await peer->say(std::string{chunked_head});
        while (co_await peer->connection().fill()) {
            peer->connection().consume(peer->connection().input().size());
            (void)co_await peer->say(one_chunk("x"));
        }
    }
}

task<result<>> writes_for_a_while(client_upload& to) {
    const std::string piece(3'000, 'x');
    for (int at = 0; at < 6; ++at) {
        co_await or_return(to.write(as_bytes(piece)));
        co_await or_return(sleep(1ms));
    }
    co_return co_await to.end();
}

struct leaving {
    leaving(duration writer, duration reader, bool first) noexcept
        : writer_after{writer}, reader_after{reader}, writer_first{first} {}

    duration writer_after;
    duration reader_after;
    bool writer_first;
};

task<result<>> leaves(client_stage& stage, leaving how) {
    std::optional<client_upload> upload{
        co_await or_return(stage.client().upload(made(method::post)))};
    std::optional<client_response> response{co_await or_return(upload->response())};
    const auto reads = [](client_response& from) -> task<result<>> {
        co_return fail(co_await reads_until_it_fails(from));
    };
    const auto within = [](duration time, task<result<>> what) -> task<errc> {
        const auto done = co_await with_timeout(time, std::move(what));
        co_return done ? errc{} : done.error().code();
    };
    co_await when_all(within(how.writer_after, writes_for_a_while(*upload)),
                      within(how.reader_after, reads(*response)));
    if (how.writer_first) upload.reset();
    response.reset();
    co_return {};
}

task<result<>> leaves_in_any_order(io::engine_world& world) {
    client_stage stage{world};
    task_scope serving{world.loop().env(), [](const error&) {}};
    serving.spawn(mirrors_bytes(stage));
    for (const auto writer : {1ms, 4ms, 100ms})
        for (const auto reader : {1ms, 4ms, 20ms})
            for (const bool first : {false, true})
                for (const auto all : {0ms, 1ms, 3ms, 6ms, 1000ms}) {
                    const leaving how{writer, reader, first};
                    (void)co_await with_timeout(all, leaves(stage, how));
                    EXPECT_EQ(stage.client().connections().in_use, 0U);
                    EXPECT_EQ(stage.counted("weir_http_client_requests_in_flight"), 0);
                }
    EXPECT_GE(stage.counted("weir_http_client_requests_total"), 18);
    co_return {};
}

TEST_P(http_client_both_ways_loss_test, leaves_nothing_behind_in_whatever_order_they_leave) {
    world_->set_patience(1min);
    run(leaves_in_any_order(*world_));
}

task<errc> head_failure(client_upload& of, std::string& text) {
    const auto response = co_await of.response();
    if (!response) text = response.error().text();
    co_return response ? errc{} : response.error().code();
}

task<result<>> takes_nothing(io::engine_world& world) {
    client_stage stage{world};
    stage.options.write_timeout = 200ms;
    stage.options.head_timeout = 8s;
    bool over = false;
    std::size_t written = 0;
    std::string text;
    task_scope serving{world.loop().env(), [](const error&) {}};
    const auto silent = [](client_stage& of, const bool& until) -> task<result<>> {
        auto peer = co_await or_return(of.take());
        while (!until) co_await or_return(sleep(1ms));
        co_return {};
    };
    serving.spawn(silent(stage, over));
    auto upload = co_await or_return(stage.client().upload(made(method::post)));
    auto [head, writing] =
        co_await when_all(head_failure(upload, text), writes_until_it_fails(upload, written));
    EXPECT_EQ(head, errc::timed_out);
    EXPECT_EQ(text, "the server takes the request too slowly");
    EXPECT_EQ(writing, errc::timed_out);
    EXPECT_EQ(stage.counted("weir_http_client_failures_total"), 1);
    over = true;
    co_return {};
}

TEST_P(http_client_both_ways_loss_test, gives_up_a_server_that_takes_nothing) {
    run(takes_nothing(*world_));
}

}  // namespace
}  // namespace weir::inline v0::http
