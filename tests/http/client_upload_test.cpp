// Bodies of requests: large ones, those that are written as they come, and servers that answer
// before they have heard all.
#include "http/server_end.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

class http_client_upload_test : public http_client_test {};

INSTANTIATE_TEST_SUITE_P(on, http_client_upload_test, testing::ValuesIn(io::engine_names()),
                         io::name_of);

std::string refusal(std::string_view body = "too much") {
    std::string text = "HTTP/1.1 413 Content Too Large\r\nContent-Length: ";
    return text.append(std::to_string(body.size())).append("\r\n\r\n").append(body);
}

task<result<>> hears_chunks(client_stage& stage) {
    auto peer = co_await or_return(stage.take());
    const std::string head = co_await or_return(peer->hear_head());
    EXPECT_NE(head.find("\r\nTransfer-Encoding: chunked\r\n"), std::string::npos) << head;
    EXPECT_EQ(head.find("Content-Length"), std::string::npos) << head;
    const std::string body = co_await or_return(peer->hear_until("\r\n0\r\n\r\n"));
    EXPECT_EQ(body, "3\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n");
    co_await or_return(peer->say(answer("heard")));
    const std::string next = co_await or_return(peer->hear_until("end"));
    EXPECT_NE(next.find("\r\nContent-Length: 7\r\n"), std::string::npos) << next;
    EXPECT_TRUE(next.ends_with("\r\n\r\nthe end")) << next;
    co_await or_return(peer->say(answer("heard too")));
    EXPECT_EQ(co_await peer->end(), errc::end_of_stream);
    co_return {};
}

task<result<>> chunks(io::engine_world& world) {
    client_stage stage{world};
    stage.beside(hears_chunks(stage));
    {
        auto upload = co_await or_return(stage.client().upload(made(method::post)));
        for (const std::string_view piece : {"abc", "", "0123456789abcdef"})
            co_await or_return(upload.write(as_bytes(piece)));
        auto response = co_await or_return(upload.finish());
        EXPECT_EQ(co_await or_return(response.text()), "heard");
    }
    auto known = made(method::post);
    known.announce_body(7);
    {
        auto upload = co_await or_return(stage.client().upload(known));
        co_await or_return(upload.write(as_bytes("the ")));
        const auto early = co_await upload.finish();
        EXPECT_EQ(early.error(), errc::invalid_argument);
        const auto more = co_await upload.write(as_bytes("four"));
        EXPECT_EQ(more.error(), errc::invalid_argument);
        co_await or_return(upload.write(as_bytes("end")));
        auto response = co_await or_return(upload.finish());
        EXPECT_EQ(co_await or_return(response.text()), "heard too");
    }
    EXPECT_EQ(stage.client().connections().idle, 1U);
    stage.client().close();
    co_await stage.scope.join();
    co_return {};
}

TEST_P(http_client_upload_test, writes_pieces_in_chunks_or_as_announced) { run(chunks(*world_)); }

TEST_P(http_client_upload_test, begins_nothing_with_a_body_of_its_own) {
    client_stage stage{*world_};
    const auto refused = [](client_stage& of) -> task<result<>> {
        auto request = made(method::post);
        request.set_body("a body");
        const auto upload = co_await of.client().upload(request);
        EXPECT_EQ(upload.error(), errc::invalid_argument);
        co_return {};
    };
    run(refused(stage));
}

// Does not read before it is told to, and counts what comes.
task<result<>> reads_late(client_stage& stage, const bool& go_on, std::size_t size) {
    auto peer = co_await or_return(stage.take());
    while (!go_on) co_await or_return(sleep(1ms));
    co_await or_return(peer->hear_head());
    for (std::size_t left = size; left > 0;) {
        const std::size_t part = std::min<std::size_t>(left, 65'536);
        const std::string text = co_await or_return(peer->hear(part));
        EXPECT_EQ(text.find_first_not_of('x'), std::string::npos);
        left -= part;
    }
    co_await or_return(peer->say(answer("all of it")));
    EXPECT_EQ(co_await peer->end(), errc::end_of_stream);
    co_return {};
}

task<result<>> writes(client_upload& to, std::size_t size, std::size_t& written) {
    const std::string piece(10'000, 'x');
    while (written < size) {
        const std::size_t part = std::min(piece.size(), size - written);
        co_await or_return(to.write(as_bytes(std::string_view{piece}.substr(0, part))));
        written += part;
    }
    co_return {};
}

task<result<>> slowed_down(io::engine_world& world) {
    client_stage stage{world};
    const std::size_t size = world.flood();
    bool go_on = false;
    stage.beside(reads_late(stage, go_on, size));
    auto request = made(method::put);
    request.announce_body(size);
    auto upload = co_await or_return(stage.client().upload(request));
    std::size_t written = 0;
    stage.beside(writes(upload, size, written));
    std::size_t before = size;
    while (written != before) {
        before = written;
        co_await or_return(sleep(20ms));
    }
    EXPECT_LT(written, size) << "nobody read";
    go_on = true;
    while (written < size) co_await or_return(sleep(1ms));
    auto response = co_await or_return(upload.finish());
    EXPECT_EQ(co_await or_return(response.text()), "all of it");
    co_return {};
}

TEST_P(http_client_upload_test, waits_for_a_server_that_does_not_read) {
    run(slowed_down(*world_));
}

task<result<>> whole_at_once(io::engine_world& world) {
    client_stage stage{world};
    const std::size_t size = world.flood();
    const bool go_on = true;
    stage.beside(reads_late(stage, go_on, size));
    auto request = made(method::put);
    request.set_body(std::string(size, 'x'));
    auto response = co_await or_return(stage.client().send(request));
    EXPECT_EQ(co_await or_return(response.text()), "all of it");
    co_return {};
}

TEST_P(http_client_upload_test, sends_a_large_body) { run(whole_at_once(*world_)); }

// --- answers that come early

// Answers the head alone, and then drops what comes, or does not even read.
task<result<>> answers_early(client_stage& stage, std::string said, bool reads) {
    auto peer = co_await or_return(stage.take());
    co_await or_return(peer->hear_head());
    co_await or_return(peer->say(std::move(said)));
    if (reads) {
        (void)co_await peer->end();
    } else {
        (void)co_await sleep(1h);
    }
    co_return {};
}

task<result<>> refused_whole(io::engine_world& world, bool reads) {
    client_stage stage{world};
    task_scope serving{world.loop().env(), [](const error&) {}};
    serving.spawn(answers_early(stage, refusal(), reads));
    auto request = made(method::post);
    request.set_body(std::string(world.flood(), 'x'));
    {
        auto response = co_await or_return(stage.client().send(request));
        EXPECT_EQ(response.status(), status::content_too_large);
        EXPECT_EQ(co_await or_return(response.text()), "too much");
    }
    EXPECT_EQ(stage.client().connections().idle, 0U) << "the rest of the request is missing";
    EXPECT_EQ(stage.counted("weir_http_client_connections"), 0);
    EXPECT_EQ(stage.counted("weir_http_client_requests_total", "413"), 1);
    co_return {};
}

TEST_P(http_client_upload_test, stops_sending_what_is_refused) {
    run(refused_whole(*world_, true));
    run(refused_whole(*world_, false));
}

task<result<>> refused_between(io::engine_world& world) {
    client_stage stage{world};
    task_scope serving{world.loop().env(), [](const error&) {}};
    serving.spawn(answers_early(stage, refusal(), true));
    auto upload = co_await or_return(stage.client().upload(made(method::put)));
    result<> written;
    while (written) {
        written = co_await upload.write(as_bytes("piece"));
        co_await or_return(sleep(1ms));
    }
    EXPECT_EQ(written.error(), errc::closed);
    written = co_await upload.write(as_bytes("piece"));
    EXPECT_EQ(written.error(), errc::closed);
    auto response = co_await or_return(upload.finish());
    EXPECT_EQ(response.status(), status::content_too_large);
    EXPECT_EQ(co_await or_return(response.text()), "too much");
    co_return {};
}

TEST_P(http_client_upload_test, says_that_no_more_is_wanted) { run(refused_between(*world_)); }

task<result<>> interim_while_sending(client_stage& stage, std::size_t size) {
    auto peer = co_await or_return(stage.take());
    co_await or_return(peer->hear_head());
    std::string heard;
    for (int times = 0; times < 5; ++times) {
        co_await or_return(peer->say("HTTP/1.1 102 Processing\r\nX: "));
        co_await or_return(sleep(1ms));
        co_await or_return(peer->say("y\r\n\r\n"));
        heard += co_await or_return(peer->hear(size / 5));
    }
    EXPECT_EQ(heard.size(), size);
    co_await or_return(peer->say(answer("heard")));
    (void)co_await peer->end();
    co_return {};
}

task<result<>> not_yet(io::engine_world& world) {
    client_stage stage{world};
    const std::size_t size = world.flood() / 1000 * 5;
    stage.beside(interim_while_sending(stage, size));
    auto request = made(method::post);
    request.set_body(std::string(size, 'x'));
    auto response = co_await or_return(stage.client().send(request));
    EXPECT_EQ(co_await or_return(response.text()), "heard");
    co_return {};
}

TEST_P(http_client_upload_test, goes_on_sending_after_an_interim_response) {
    run(not_yet(*world_));
}

// --- 100-continue

task<result<>> wants(client_stage& stage, std::string said, std::size_t body) {
    auto peer = co_await or_return(stage.take());
    const std::string head = co_await or_return(peer->hear_head());
    EXPECT_NE(head.find("\r\nExpect: 100-continue\r\n"), std::string::npos) << head;
    co_await or_return(sleep(5ms));
    EXPECT_EQ(peer->connection().input().size(), 0U) << "it was to wait";
    if (!said.empty()) co_await or_return(peer->say(std::move(said)));
    if (body > 0) {
        co_await or_return(peer->hear(body));
        co_await or_return(peer->say(answer("heard")));
    }
    EXPECT_NE(co_await peer->end(), errc::timed_out);
    co_return {};
}

task<result<>> expects(io::engine_world& world, std::string said, std::string outcome) {
    client_stage stage{world};
    stage.options.continue_timeout = said.empty() ? 30ms : 9s;
    const bool wanted = outcome == "heard";
    stage.beside(wants(stage, std::move(said), wanted ? 6 : 0));
    auto request = made(method::post);
    request.set_body("a body");
    request.expect_continue();
    {
        auto response = co_await or_return(stage.client().send(request));
        EXPECT_EQ(co_await or_return(response.text()), outcome);
    }
    EXPECT_EQ(stage.client().connections().idle, wanted ? 1U : 0U);
    stage.client().close();
    co_await stage.scope.join();
    co_return {};
}

// RFC 9110 section 10.1.1.
TEST_P(http_client_upload_test, waits_until_its_body_is_wanted) {
    run(expects(*world_, "HTTP/1.1 100 Continue\r\n\r\n", "heard"));
    run(expects(*world_, "", "heard"));
    run(expects(*world_, refusal("no"), "no"));
    run(expects(*world_, "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n", ""));
}

// --- what does not end well

task<result<>> hears_no_end(client_stage& stage, errc& ended) {
    auto peer = co_await or_return(stage.take());
    co_await or_return(peer->hear_until("abc\r\n"));
    ended = co_await peer->end();
    co_return {};
}

task<result<>> dropped(io::engine_world& world) {
    client_stage stage{world};
    errc ended{};
    stage.beside(hears_no_end(stage, ended));
    {
        auto upload = co_await or_return(stage.client().upload(made(method::post)));
        co_await or_return(upload.write(as_bytes("abc")));
        co_await or_return(sleep(5ms));
        EXPECT_EQ(stage.counted("weir_http_client_requests_in_flight"), 1);
    }
    EXPECT_EQ(stage.counted("weir_http_client_requests_in_flight"), 0);
    co_await stage.scope.join();
    EXPECT_EQ(ended, errc::reset);
    co_return {};
}

TEST_P(http_client_upload_test, resets_what_is_dropped_before_its_end) { run(dropped(*world_)); }

task<result<>> breaks_off(client_stage& stage) {
    auto peer = co_await or_return(stage.take());
    co_await or_return(peer->hear_until("abc\r\n"));
    peer->connection().abort();
    co_return {};
}

task<result<>> lost(io::engine_world& world) {
    client_stage stage{world};
    stage.beside(breaks_off(stage));
    auto upload = co_await or_return(stage.client().upload(made(method::post)));
    result<> written;
    while (written) {
        written = co_await upload.write(as_bytes("abc"));
        co_await or_return(sleep(1ms));
    }
    EXPECT_EQ(written.error(), errc::outcome_unknown);
    EXPECT_EQ(*written.error().cause(), errc::reset);
    const auto later = co_await upload.write(as_bytes("abc"));
    EXPECT_EQ(later.error(), errc::closed);
    const auto response = co_await upload.finish();
    EXPECT_EQ(response.error(), errc::closed);
    EXPECT_EQ(stage.counted("weir_http_client_failures_total", "outcome_unknown"), 1);
    co_return {};
}

TEST_P(http_client_upload_test, says_that_a_server_is_gone) { run(lost(*world_)); }

task<result<>> never_read(io::engine_world& world) {
    client_stage stage{world};
    stage.options.write_timeout = 50ms;
    task_scope serving{world.loop().env(), [](const error&) {}};
    const auto takes = [](client_stage& of) -> task<result<>> {
        const auto peer = co_await or_return(of.take());
        co_return co_await sleep(1h);
    };
    serving.spawn(takes(stage));
    auto request = made(method::put);
    request.set_body(std::string(world.flood(), 'x'));
    const auto response = co_await stage.client().send(request);
    EXPECT_EQ(response.error(), errc::timed_out);
    EXPECT_EQ(response.error().text(), "the server takes the request too slowly");
    EXPECT_EQ(stage.counted("weir_http_client_connections"), 0);
    co_return {};
}

TEST_P(http_client_upload_test, gives_up_a_server_that_never_reads) { run(never_read(*world_)); }

}  // namespace
}  // namespace weir::inline v0::http
