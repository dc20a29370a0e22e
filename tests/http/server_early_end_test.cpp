// BEHAVIOUR.md, HTTP/1.1, "end of stream inside a message": "premature: handler is cancelled,
// nothing half-committed", where the handler waits for something else than the body, or for
// nothing.
#include <optional>
#include <string>

#include "weir/metrics/registry.hpp"
#include "weir/metrics/text.hpp"
#include "weir/net/connection.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/when_all.hpp"

#include "http/house.hpp"
#include "http/one_chunk.hpp"
#include "net/counting_transport.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

// How much of its body a handler reads before it works for a while.
enum class reads : std::uint8_t { nothing, a_piece };

// How the work ended, and what the body was that was read behind it.
struct outcome {
    std::optional<errc> worked;
    std::optional<std::size_t> body;
};

task<result<response>> works(request& request, reads before, duration time, outcome& noted) {
    std::size_t size = 0;
    if (before == reads::a_piece) {
        const bytes_view first = co_await or_return(request.body_chunk());
        size = first.size();
    }
    const auto slept = co_await sleep(time);
    noted.worked = slept ? errc{} : slept.error().code();
    for (;;) {
        const bytes_view piece = co_await or_return(request.body_chunk());
        if (piece.empty()) break;
        size += piece.size();
    }
    noted.body = size;
    co_return text("done");
}

task<result<response>> ignores(request&, duration time, outcome& noted) {
    const auto slept = co_await sleep(time);
    noted.worked = slept ? errc{} : slept.error().code();
    co_return text("done");
}

task<result<response>> answers_at_once(request&) { co_return text("at once"); }

// Writes once its peer has finished, or is stopped before.
task<result<>> writes_late(body_writer& out, const bool& peer_is_over, outcome& noted) {
    result<> slept;
    while (slept && !peer_is_over) {
        auto more = co_await sleep(1ms);
        slept = std::move(more);
    }
    noted.worked = slept ? errc{} : slept.error().code();
    co_return co_await out.write("late");
}

response writes_after(const bool& peer_is_over, outcome& noted) {
    response answer;
    answer.stream([&](body_writer& out) { return writes_late(out, peer_is_over, noted); });
    return answer;
}

std::string with_length(std::size_t length, std::string_view sent) {
    return "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n" +
           std::string{sent};
}

std::string chunked(std::string_view sent) {
    return "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string{sent};
}

class server_early_end_test : public house_test {
protected:
    server working(reads before, duration time) {
        return serve_counted(
            [=, this](request& asked) { return works(asked, before, time, noted_); });
    }
    server ignoring(duration time) {
        return serve_counted([=, this](request& asked) { return ignores(asked, time, noted_); });
    }
    // What is answered to a request that takes a while, and to this one behind it, whose handler
    // never waits.
    std::string at_once_behind_a_slow_one(std::string_view sent) {
        const server both = serve_counted([this](request& asked) -> task<result<response>> {
            if (asked.method() == method::get) return ignores(asked, 200ms, noted_);
            return answers_at_once(asked);
        });
        std::string answers;
        for (const reply& each : replies_in(house_->ask(both, get("/") + std::string{sent})))
            answers += std::to_string(each.status) + ": " + each.body + "\n";
        return answers;
    }
    // More than one receive brings, or the most that this network takes before anybody reads.
    static std::string large() { return std::string(GetParam() == "sim_far" ? 800 : 50'000, 'x'); }
    void expect_canceled(const std::string& answer) {
        EXPECT_EQ(answer, "");
        EXPECT_EQ(noted_.worked, errc::canceled);
        EXPECT_EQ(noted_.body, std::nullopt);
        expect_peer_gone();
    }
    void expect_peer_gone() {
        std::string page;
        metrics::write_text(registry_.collect(), page);
        EXPECT_NE(page.find("weir_http_rejected_total{reason=\"peer_gone\"} 1\n"), page.npos)
            << page;
        EXPECT_NE(page.find("weir_http_requests_in_flight 0\n"), page.npos);
    }
    void expect_answered(const std::string& answer, std::size_t body) {
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
        EXPECT_EQ(noted_.worked, errc{});
        EXPECT_EQ(noted_.body, body);
    }

    template <class Handler>
    server serve_counted(Handler handler) {
        server_options options;
        options.metrics = &registry_;
        return serve(std::move(handler), options);
    }

    outcome noted_;

private:
    metrics::registry registry_{1};
};

INSTANTIATE_TEST_SUITE_P(over, server_early_end_test, testing::ValuesIn(house_names()),
                         io::name_of);

TEST_P(server_early_end_test, stops_a_handler_that_does_not_read) {
    expect_canceled(house_->ask(working(reads::nothing, 1h), with_length(100, "not all of it")));
}

TEST_P(server_early_end_test, stops_a_handler_that_has_read_what_there_was) {
    expect_canceled(house_->ask(working(reads::a_piece, 1h), with_length(100, "not all of it")));
}

TEST_P(server_early_end_test, stops_a_handler_whose_chunks_lack_the_last) {
    expect_canceled(house_->ask(working(reads::nothing, 1h), chunked("3\r\nabc\r\n")));
}

TEST_P(server_early_end_test, stops_a_handler_whose_chunk_is_cut_off) {
    expect_canceled(house_->ask(working(reads::a_piece, 1h), chunked("5\r\nabc")));
}

TEST_P(server_early_end_test, stops_a_handler_whose_large_body_is_cut_off) {
    const std::string most = large();
    expect_canceled(house_->ask(working(reads::a_piece, 1h), with_length(most.size() + 1, most)));
}

TEST_P(server_early_end_test, stops_a_handler_whose_many_chunks_lack_the_last) {
    const std::string most = chunked(one_chunk(large()));
    expect_canceled(house_->ask(working(reads::nothing, 1h), most));
}

TEST_P(server_early_end_test, stops_a_handler_that_has_read_some_of_many_chunks) {
    const std::string most = chunked(one_chunk("abc") + one_chunk(large()) + "0\r\n");
    expect_canceled(house_->ask(working(reads::a_piece, 1h), most));
}

// What is answered to what has come, its end included, before anybody serves; and how often its
// server looked into what it had not read.
struct answer_later {
    task<result<>> ask(house& of, server server, std::string sent) {
        auto [near, far] = co_await or_return(of.make_link());
        co_await or_return(send(*near, sent));
        near->shutdown();
        co_await or_return(sleep(20ms));
        auto counting = std::make_unique<net::counting_transport>(std::move(far));
        const net::counting_transport& asked = *counting;
        net::connection connection{std::move(counting), of.loop(), of.connections};
        auto [served, text] = co_await when_all(serves(connection, server), receive_rest(*near));
        answers = co_await or_return(std::move(text));
        peeks = asked.peeks;
        co_return {};
    }
    static task<result<>> serves(net::connection& connection, server& server) {
        co_await server(connection);
        co_await connection.close();
        co_return {};
    }

    std::string answers;
    int peeks = 0;
};

TEST_P(server_early_end_test, answers_nothing_where_all_came_at_once_and_nobody_waits) {
    for (const std::string& sent : {with_length(100, "not all of it"), chunked("5\r\nabc")}) {
        answer_later asked;
        house_->run(asked.ask(*house_, serve(answers_at_once), sent));
        EXPECT_EQ(asked.answers, "");
    }
}

// A client that fills a socket with them is not to have it looked through for each: once, where
// one was cut off by the end of the input.
TEST_P(server_early_end_test, looks_no_further_than_a_body_that_is_there) {
    const std::size_t requests = GetParam() == "sim_far" ? 12 : 400;
    std::string sent;
    while (sent.size() < requests * chunked("0\r\n\r\n").size()) sent += chunked("0\r\n\r\n");
    answer_later asked;
    house_->run(asked.ask(*house_, serve(answers_at_once), sent));
    EXPECT_GE(replies_in(asked.answers).size(), requests / 4);
    EXPECT_LE(asked.peeks, 1);
}

task<result<>> ends_later(io::transport& near, std::string sent, std::string& got) {
    co_await or_return(send(near, sent));
    co_await or_return(sleep(700ms));
    near.shutdown();
    got = co_await or_return(receive_rest(near));
    co_return {};
}

TEST_P(server_early_end_test, stops_a_writer_that_has_not_begun) {
    const bool never = false;
    const server late = serve_counted([&](request&) { return writes_after(never, noted_); });
    std::string got;
    house_->converse(late, [&](io::transport& near) {
        return ends_later(near, with_length(100, "not all of it"), got);
    });
    expect_canceled(got);
}

task<result<>> ends_soon(io::transport& near, std::string sent, bool& over, std::string& got) {
    co_await or_return(send(near, sent));
    co_await or_return(sleep(20ms));
    near.shutdown();
    co_await or_return(sleep(20ms));
    over = true;
    got = co_await or_return(receive_rest(near));
    co_return {};
}

TEST_P(server_early_end_test, answers_nothing_where_the_writer_begins_when_all_is_over) {
    bool over = false;
    const server late = serve_counted([&](request&) { return writes_after(over, noted_); });
    std::string got = "nothing";
    house_->converse(late, [&](io::transport& near) {
        return ends_soon(near, with_length(100, "not all of it"), over, got);
    });
    EXPECT_EQ(got, "");
    expect_peer_gone();
}

TEST_P(server_early_end_test, stops_a_handler_that_has_waited_for_long) {
    const std::string sent = with_length(100, "not all of it");
    std::string got;
    house_->converse(working(reads::nothing, 1h),
                     [&](io::transport& near) { return ends_later(near, sent, got); });
    expect_canceled(got);
}

// It ends before anybody has looked for its peer.
TEST_P(server_early_end_test, answers_nothing_where_the_handler_ends_by_itself) {
    EXPECT_EQ(house_->ask(ignoring(20ms), with_length(100, "not all of it")), "");
    EXPECT_EQ(noted_.worked, errc{});
    expect_peer_gone();
}

// By the time it is asked, its peer has long finished.
TEST_P(server_early_end_test, answers_nothing_where_the_handler_never_waits) {
    EXPECT_EQ(at_once_behind_a_slow_one(with_length(100, "not all of it")), "200: done\n");
    expect_peer_gone();
}

TEST_P(server_early_end_test, answers_nothing_where_the_handler_never_waits_for_many_chunks) {
    EXPECT_EQ(at_once_behind_a_slow_one(chunked(one_chunk(large()))), "200: done\n");
    expect_peer_gone();
}

TEST_P(server_early_end_test, answers_where_the_handler_never_waits_and_all_is_there) {
    const std::string all = chunked(one_chunk(large()) + "0\r\n\r\n");
    EXPECT_EQ(at_once_behind_a_slow_one(all), "200: done\n200: at once\n");
}

TEST_P(server_early_end_test, lets_it_go_on_where_the_rest_is_under_way) {
    const std::string all = large();
    expect_answered(house_->ask(working(reads::nothing, 700ms), with_length(all.size(), all)),
                    all.size());
    expect_answered(house_->ask(working(reads::a_piece, 700ms), with_length(all.size(), all)),
                    all.size());
    expect_answered(
        house_->ask(working(reads::a_piece, 700ms), chunked(one_chunk(all) + "0\r\n\r\n")),
        all.size());
    expect_answered(
        house_->ask(working(reads::nothing, 700ms), chunked(one_chunk(all) + "0\r\n\r\n")),
        all.size());
}

TEST_P(server_early_end_test, lets_it_go_on_where_another_request_is_cut_off_behind) {
    expect_answered(
        house_->ask(working(reads::nothing, 700ms), chunked("3\r\nabc\r\n0\r\n\r\n") + "POST / HT"),
        3);
    expect_answered(
        house_->ask(working(reads::nothing, 700ms), with_length(3, "abc") + "POST / HT"), 3);
}

}  // namespace
}  // namespace weir::inline v0::http
