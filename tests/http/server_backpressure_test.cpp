// Who asks faster than it is answered, or sends faster than it is handled, is slowed down, and what
// the server holds meanwhile does not depend on how much there is to come.
#include <algorithm>

#include <gtest/gtest.h>

#include "weir/flow/event.hpp"
#include "weir/http/server.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/scope.hpp"
#include "weir/task/sleep.hpp"

#include "http/house.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

class server_backpressure_test : public house_test {};

INSTANTIATE_TEST_SUITE_P(over, server_backpressure_test, testing::ValuesIn(house_names()),
                         io::name_of);

// A connection whose peer sends all it has, and reads nothing before it is told to.
class pressed {
public:
    pressed(house& house, io::link link)
        : near_{std::move(link.near)},
          connection_{std::move(link.far), house.loop(), house.connections},
          slabs_{house.loop().slabs()},
          free_{slabs_.free()},
          scope_{house.loop().env(), [](const error& why) { ADD_FAILURE() << why.message(); }} {}

    void begin(server server, std::string text) {
        scope_.spawn(serve(std::move(server)));
        scope_.spawn(say(std::move(text)));
    }
    // Until nothing moves any more.
    task<result<>> stall() {
        for (int still = 0; still < 100; ++still) {
            const std::uint64_t before = moved();
            co_await or_return(sleep(1ms));
            if (moved() != before) still = 0;
        }
        co_return {};
    }
    // All that the server says until it closes.
    task<result<std::string>> hear() {
        auto text = co_await receive_rest(*near_);
        co_await scope_.join();
        co_return text;
    }

    net::connection& connection() { return connection_; }
    // All of it, which nothing between two sockets has room for.
    bool sent() const { return sent_; }
    // io_uring itself has up to a ring of them less after a while than it had before.
    std::size_t slabs_held() const { return free_ - std::min(free_, slabs_.free()); }

private:
    task<> serve(server server) {
        co_await server(connection_);
        co_await connection_.close();
    }
    task<result<>> say(std::string text) {
        co_await or_return(send(*near_, text));
        sent_ = true;
        near_->shutdown();
        co_return {};
    }
    std::uint64_t moved() const { return connection_.received_bytes() + connection_.sent_bytes(); }

    std::unique_ptr<io::transport> near_;
    net::connection connection_;
    io::slab_pool& slabs_;
    std::size_t free_;
    bool sent_ = false;
    task_scope scope_;
};

// What handlers have seen of the connection that they answer on.
struct sights {
    explicit sights(bool each_waits) : waits{each_waits} {}

    bool waits;
    std::size_t started = 0;
    std::size_t inside = 0;
    std::size_t most_inside = 0;
    std::size_t most_unsent = 0;
    std::size_t most_input = 0;
};

// Answers with the path.
task<response> numbered(request& request, net::connection& at, sights& seen) {
    ++seen.started;
    seen.most_inside = std::max(seen.most_inside, ++seen.inside);
    seen.most_unsent = std::max(seen.most_unsent, at.unsent());
    seen.most_input = std::max(seen.most_input, at.input().size());
    std::string body{request.path()};
    body.resize(1000, '.');
    if (seen.waits) co_await yield();
    --seen.inside;
    co_return text(std::move(body));
}

// Under 1 KiB, so that one that arrives in two pieces is not moved to where there is more room.
std::string numbered_request(std::size_t number) {
    return get("/" + std::to_string(number), "X-Padding: " + std::string(900, 'x') + "\r\n");
}

task<result<>> floods(house& house, bool each_waits) {
    auto link = co_await or_return(house.make_link());
    pressed at{house, std::move(link)};
    sights seen{each_waits};
    std::string flood;
    std::size_t count = 0;
    const std::size_t enough = std::min(io::flood, house.world().flood());
    while (flood.size() < enough) flood += numbered_request(count++);
    at.begin(serve([&](request& asked) { return numbered(asked, at.connection(), seen); }),
             std::move(flood));
    co_await or_return(at.stall());
    EXPECT_FALSE(at.sent()) << "nobody reads, and yet all of it was taken";
    EXPECT_LE(at.connection().input().size(), io::slab_size);
    EXPECT_LE(at.slabs_held(), 2U);
    const std::size_t unsent = at.connection().unsent();
    const std::size_t written = at.connection().sent_bytes() + unsent;
    const std::size_t started = seen.started;
    const std::string got = co_await or_return(at.hear());
    const auto replies = replies_in(got);
    EXPECT_EQ(replies.size(), count);
    for (std::size_t i = 0; i < replies.size(); ++i) {
        const std::string number = "/" + std::to_string(i);
        EXPECT_EQ(replies[i].body.substr(0, number.size() + 1), number + '.');
    }
    constexpr std::size_t most_gathered = std::size_t{64} * 1024;
    const std::size_t size = got.size() / count;
    EXPECT_LE(unsent, most_gathered + size);
    EXPECT_LE(seen.most_unsent, most_gathered) << "started where it had to wait for its peer";
    EXPECT_LE(started, written / size + 1) << "started before the answer in front was written";
    EXPECT_EQ(seen.most_inside, 1U);
    EXPECT_LE(seen.most_input, io::slab_size);
    co_return {};
}

// BEHAVIOUR.md, "pipelined requests: answered in order; a flood is bounded by the in-flight limit,
// which stops reading": one request at a time of each connection.
TEST_P(server_backpressure_test, reads_no_more_of_a_flood_whose_answers_are_not_read) {
    house_->run(floods(*house_, false));
}

TEST_P(server_backpressure_test, starts_no_more_handlers_that_wait_while_answers_are_not_read) {
    house_->run(floods(*house_, true));
}

// Takes the first piece, and the others when it is told to.
task<result<response>> pauses(request& request, flow::event& told, std::string_view expected) {
    std::size_t taken = 0;
    bool same = true;
    for (;;) {
        const bytes_view piece = co_await or_return(request.body_chunk());
        if (piece.empty()) break;
        same = same && as_text(piece) == expected.substr(taken, piece.size());
        taken += piece.size();
        co_await or_return(told.wait());
    }
    co_return text(std::to_string(taken) + (same ? " as sent" : " others"));
}

using encoding = std::string (*)(std::string_view body);

task<result<>> sends_a_body(house& house, encoding encode) {
    auto link = co_await or_return(house.make_link());
    pressed at{house, std::move(link)};
    const std::string body = io::pattern(house.world().flood());
    server_options options;
    options.limits.max_body_bytes = body.size();
    flow::event goes_on;
    at.begin(serve([&](request& asked) { return pauses(asked, goes_on, body); }, options),
             encode(body));
    co_await or_return(at.stall());
    EXPECT_FALSE(at.sent()) << "nobody asked for it, and yet all of it was taken";
    // What came with the head, or what came when the first piece was asked for.
    EXPECT_LE(at.connection().received_bytes(), 2 * io::slab_size);
    EXPECT_LE(at.connection().input().size(), io::slab_size);
    EXPECT_LE(at.slabs_held(), 2U);
    goes_on.set();
    const std::string got = co_await or_return(at.hear());
    const auto replies = replies_in(got);
    EXPECT_EQ(replies.size(), 1U);
    for (const reply& each : replies)
        EXPECT_EQ(each.body, std::to_string(body.size()) + " as sent");
    co_return {};
}

std::string of_known_length(std::string_view body) { return post("/", body); }

TEST_P(server_backpressure_test, receives_nothing_of_a_body_that_its_handler_has_not_asked_for) {
    house_->run(sends_a_body(*house_, of_known_length));
}

std::string in_chunks(std::string_view body) {
    constexpr std::size_t size = 0x8000;
    EXPECT_EQ(body.size() % size, 0U);
    std::string text = "POST / HTTP/1.1\r\nHost: house\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (; !body.empty(); body.remove_prefix(std::min(size, body.size())))
        text.append("8000\r\n").append(body.substr(0, size)).append("\r\n");
    return text.append("0\r\n\r\n");
}

TEST_P(server_backpressure_test, receives_nothing_of_chunks_that_its_handler_has_not_asked_for) {
    house_->run(sends_a_body(*house_, in_chunks));
}

}  // namespace
}  // namespace weir::inline v0::http
