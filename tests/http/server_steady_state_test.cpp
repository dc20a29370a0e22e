// What a keep-alive request costs once everything is warm: no allocation, one receive, one send.
#include <array>
#include <cstring>
#include <span>

#include <gtest/gtest.h>

#include "weir/http/server.hpp"
#include "weir/json/writer.hpp"
#include "weir/metrics/registry.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/when_all.hpp"

#include "http/house.hpp"
#include "http/one_chunk.hpp"
#include "support/allocations.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

// Counts what is asked of the transport underneath.
class counting_transport final : public io::transport {
public:
    explicit counting_transport(std::unique_ptr<io::transport> inner) : inner_{std::move(inner)} {}

    bool start(io::receive_op& receive) noexcept override {
        ++receives;
        return inner_->start(receive);
    }
    bool start(io::send_op& send) noexcept override {
        ++sends;
        most_pieces = std::max(most_pieces, send.pieces().size());
        return inner_->start(send);
    }
    bool start(io::break_op& watch) noexcept override {
        ++watches;
        return inner_->start(watch);
    }
    bool cancel(io::operation& pending) noexcept override { return inner_->cancel(pending); }
    void abandon(io::operation& pending) noexcept override { inner_->abandon(pending); }
    std::optional<std::size_t> left_before_end() const noexcept override {
        return inner_->left_before_end();
    }
    std::size_t peek(bytes_span into) const noexcept override { return inner_->peek(into); }
    void shutdown() noexcept override { inner_->shutdown(); }
    void abort() noexcept override { inner_->abort(); }
    const io::endpoint& peer() const noexcept override { return inner_->peer(); }

    std::size_t receives = 0;
    std::size_t sends = 0;
    std::size_t watches = 0;
    std::size_t most_pieces = 0;

private:
    std::unique_ptr<io::transport> inner_;
};

struct cost {
    std::uint64_t allocations = 0;
    std::size_t receives = 0;
    std::size_t sends = 0;
    std::size_t watches = 0;
    std::size_t most_pieces = 0;
};

constexpr std::size_t warm_up = 100;
constexpr std::size_t counted = 400;

// Asks the same again and again; all replies have the same length.
task<result<>> ask_often(std::unique_ptr<io::transport> near, counting_transport& far,
                         std::string_view question, cost& cost) {
    std::array<std::byte, 4096> place;
    for (std::size_t round = 0; round < warm_up + counted; ++round) {
        if (round == warm_up) {
            far.receives = far.sends = far.most_pieces = 0;
            cost.allocations = heap::requests();
        }
        std::array pieces{io::piece{question.data(), question.size()}};
        co_await or_return(io::send_pieces{*near, pieces});
        const std::size_t got = co_await or_return(io::receive_into{*near, place});
        const std::string_view text = as_text(bytes_view{place}.first(got));
        EXPECT_TRUE(text.starts_with("HTTP/1.1 200 OK\r\n"));
    }
    cost.allocations = heap::requests() - cost.allocations;
    cost.receives = far.receives;
    cost.sends = far.sends;
    cost.watches = far.watches;
    cost.most_pieces = far.most_pieces;
    co_return {};
}

// Reads one answer, of a length that is told or in chunks.
task<result<std::string>> receive_answer(io::transport& near) {
    std::array<std::byte, 4096> place;
    std::string text;
    text.reserve(32'000);
    std::size_t whole = std::string::npos;
    while (text.size() < whole) {
        const std::size_t got = co_await or_return(io::receive_into{near, place});
        text += as_text(bytes_view{place}.first(got));
        const std::size_t head = text.find("\r\n\r\n");
        const std::size_t length = text.find("Content-Length: ");
        if (head == std::string::npos) continue;
        if (text.find("Transfer-Encoding: chunked") < head) {
            if (text.ends_with("\r\n0\r\n\r\n")) break;
            continue;
        }
        if (length > head) co_return fail(errc::malformed);
        whole = head + 4 + std::stoul(text.substr(length + sizeof "Content-Length: " - 1));
    }
    co_return text;
}

// The same question in parts, each of which the server has before the next one is sent.
task<result<>> ask_in_parts(std::unique_ptr<io::transport> near, counting_transport& far,
                            std::span<const std::string_view> question, cost& cost) {
    std::string answer;
    answer.reserve(32'000);
    std::array<std::byte, 4096> place;
    std::size_t whole = 0;
    for (std::size_t round = 0; round < warm_up + counted; ++round) {
        if (round == warm_up) cost.allocations = heap::requests();
        for (const std::string_view& part : question) {
            const std::size_t before = far.receives;
            std::array pieces{io::piece{part.data(), part.size()}};
            co_await or_return(io::send_pieces{*near, pieces});
            while (&part != &question.back() && far.receives == before) (void)co_await yield();
        }
        if (round == 0) {
            answer = co_await or_return(receive_answer(*near));
            whole = answer.size();
            continue;
        }
        for (std::size_t got = 0; got < whole;) {
            got += co_await or_return(io::receive_into{*near, place});
        }
    }
    cost.allocations = heap::requests() - cost.allocations;
    EXPECT_GT(whole, std::size_t{10} * 1024);
    co_return {};
}

task<result<>> serve_counted(house& house, std::unique_ptr<counting_transport> far, server server) {
    net::connection connection{std::move(far), house.loop(), house.connections};
    co_await server(connection);
    co_return {};
}

task<result<>> measure(house& house, server server, std::string_view question, cost& cost) {
    auto [near, far] = co_await or_return(house.make_link());
    auto counting = std::make_unique<counting_transport>(std::move(far));
    counting_transport& transport = *counting;
    auto [served, asked] =
        co_await when_all(serve_counted(house, std::move(counting), std::move(server)),
                          ask_often(std::move(near), transport, question, cost));
    EXPECT_TRUE(asked.has_value());
    co_return std::move(served);
}

task<result<>> measure_in_parts(house& house, server server,
                                std::span<const std::string_view> question, cost& cost) {
    auto [near, far] = co_await or_return(house.make_link());
    auto counting = std::make_unique<counting_transport>(std::move(far));
    counting_transport& transport = *counting;
    auto [served, asked] =
        co_await when_all(serve_counted(house, std::move(counting), std::move(server)),
                          ask_in_parts(std::move(near), transport, question, cost));
    EXPECT_TRUE(asked.has_value());
    co_return std::move(served);
}

class server_steady_state_test : public house_test {
protected:
    cost cost_of(const server& server, std::string_view question) {
        cost cost;
        house_->run(measure(*house_, server, question, cost));
        return cost;
    }
    std::uint64_t allocations_of(const server& server, std::span<const std::string_view> question) {
        cost cost;
        house_->run(measure_in_parts(*house_, server, question, cost));
        return heap::counted ? cost.allocations : 0;
    }
    void expect_thrift(const cost& cost) {
        if constexpr (heap::counted) {
            EXPECT_EQ(cost.allocations, 0U);
        }
        // One receive is under way before the first counted request and after the last.
        EXPECT_EQ(cost.receives, counted);
        EXPECT_EQ(cost.sends, counted);
        EXPECT_EQ(cost.watches, 0U);
        EXPECT_EQ(cost.most_pieces, 1U);
    }
};

INSTANTIATE_TEST_SUITE_P(over, server_steady_state_test, testing::Values("uring", "epoll"),
                         io::name_of);

TEST_P(server_steady_state_test, answers_with_a_literal_without_an_allocation) {
    metrics::registry registry{1};
    server_options options;
    options.metrics = &registry;
    router routes;
    routes.route("GET", "/hello", hello);
    expect_thrift(cost_of(serve(std::move(routes), options), get("/hello")));
}

task<response> hello_task(request&) { co_return text("hello"); }

TEST_P(server_steady_state_test, answers_from_a_coroutine_without_an_allocation) {
    expect_thrift(cost_of(serve(hello_task), get("/hello")));
}

// As a handler does that waits for a row and writes it down.
task<result<response>> json_later(request& request) {
    (void)co_await yield();
    io::block_writer body{request.blocks()};
    json::writer json{body};
    json.begin_object();
    co_await or_return(json.name("prefix"));
    co_await or_return(json.string(request.param("prefix")));
    co_await or_return(json.name("limit"));
    co_await or_return(json.string(request.query("limit").value_or("none")));
    json.end_object();
    response answer = http::json(std::move(body));
    co_await or_return(answer.add("Cache-Control", "no-store"));
    co_return answer;
}

TEST_P(server_steady_state_test, answers_json_written_into_blocks_without_an_allocation) {
    metrics::registry registry{1};
    server_options options;
    options.metrics = &registry;
    router routes;
    routes.route("GET", "/vendors/{prefix}", json_later);
    expect_thrift(cost_of(serve(std::move(routes), options), get("/vendors/a%20b?limit=%31%30")));
}

task<result<response>> echo_blocks(request& request) {
    const bytes_view body = co_await or_return(request.read_body());
    io::block_writer out{request.blocks()};
    out.append(as_text(body));
    co_return http::json(std::move(out));
}

TEST_P(server_steady_state_test, reads_a_body_that_came_with_its_head_without_an_allocation) {
    expect_thrift(cost_of(serve(echo_blocks), post("/", R"({"mac":"00:1b:63:84:45:e6"})")));
}

const std::string large_body(std::size_t{10} * 1024, 'b');

TEST_P(server_steady_state_test, takes_and_sends_10_kib_without_an_allocation) {
    const std::string question = post("/", large_body);
    const std::array whole{std::string_view{question}};
    EXPECT_EQ(allocations_of(serve(echo_blocks), whole), 0U);
    const std::string_view all = question;
    const std::array cut{all.substr(0, 520), all.substr(520, 6000), all.substr(6520)};
    EXPECT_EQ(allocations_of(serve(echo_blocks), cut), 0U) << "however its body comes";
}

std::string in_chunks(std::string_view body, std::size_t each) {
    std::string text = "POST / HTTP/1.1\r\nHost: house\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (; !body.empty(); body.remove_prefix(std::min(each, body.size()))) {
        const std::string_view piece = body.substr(0, each);
        text.append(one_chunk(piece));
    }
    return text + "0\r\n\r\n";
}

TEST_P(server_steady_state_test, takes_10_kib_in_chunks_without_an_allocation) {
    const std::string question = in_chunks(large_body, 1000);
    const std::array whole{std::string_view{question}};
    EXPECT_EQ(allocations_of(serve(echo_blocks), whole), 0U);
    const std::string_view all = question;
    const std::array cut{all.substr(0, 520), all.substr(520, 6000), all.substr(6520)};
    EXPECT_EQ(allocations_of(serve(echo_blocks), cut), 0U) << "however they come";
}

TEST_P(server_steady_state_test, takes_10_kib_through_a_router_and_metrics_without_an_allocation) {
    metrics::registry registry{1};
    server_options options;
    options.metrics = &registry;
    router routes;
    routes.route("POST", "/{name}", echo_blocks);
    const std::string question = post("/vendors", large_body);
    const std::string_view all = question;
    const std::array cut{all.substr(0, 520), all.substr(520, 6000), all.substr(6520)};
    EXPECT_EQ(allocations_of(serve(std::move(routes), options), cut), 0U);
}

task<result<response>> read_trailer(request& request) {
    co_await or_return(request.read_body());
    EXPECT_EQ(request.trailers().find("X-Sum"), "longer than a string holds in itself");
    co_return text("read");
}

TEST_P(server_steady_state_test, takes_trailers_without_an_allocation) {
    std::string question = in_chunks("a body", 6);
    question.insert(question.size() - 2, "X-Sum: longer than a string holds in itself\r\n");
    expect_thrift(cost_of(serve(read_trailer), question));
}

task<result<>> write_pieces(body_writer& out, request& request) {
    for (bytes_view left = request.body(); !left.empty(); left = left.subspan(1024)) {
        co_await or_return(out.write(left.first(1024)));
    }
    co_return {};
}

task<result<response>> echo_streamed(request& request) {
    const bytes_view body = co_await or_return(request.read_body());
    response answer;
    answer.stream(body.size(), [&request](body_writer& out) { return write_pieces(out, request); });
    co_return answer;
}

TEST_P(server_steady_state_test, streams_10_kib_without_an_allocation) {
    const std::string question = post("/", large_body);
    const std::array whole{std::string_view{question}};
    EXPECT_EQ(allocations_of(serve(echo_streamed), whole), 0U);
}

task<result<response>> echo_in_chunks(request& request) {
    co_await or_return(request.read_body());
    response answer;
    answer.stream([&request](body_writer& out) { return write_pieces(out, request); });
    co_return answer;
}

TEST_P(server_steady_state_test, streams_10_kib_in_chunks_without_an_allocation) {
    const std::string question = post("/", large_body);
    const std::array whole{std::string_view{question}};
    EXPECT_EQ(allocations_of(serve(echo_in_chunks), whole), 0U);
}

task<result<response>> passes_on(request& request, next next) {
    EXPECT_NE(request.trace().text(), "");
    co_return co_await next(request);
}

TEST_P(server_steady_state_test, passes_three_middlewares_without_an_allocation) {
    router routes;
    route_options few;
    few.max_in_flight = 10;
    routes.use(passes_on);
    routes.group("/a").use(passes_on).use(passes_on).route("GET", "", hello, few);
    expect_thrift(cost_of(serve(std::move(routes)), get("/a")));
}

// What the other tests would see if there were something to see.
TEST_P(server_steady_state_test, counts_the_allocations_that_there_are) {
    if (!heap::counted) GTEST_SKIP() << "a sanitizer has the heap";
    const auto cost =
        cost_of(serve([](request&) { return text(std::string(100, 'x')); }), get("/"));
    EXPECT_EQ(cost.allocations, counted);
}

std::string many(std::string_view question, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all += question;
    return all;
}

TEST_P(server_steady_state_test, sends_the_answers_to_a_batch_at_once) {
    expect_thrift(cost_of(serve(hello), many(get("/"), 16)));
}

}  // namespace
}  // namespace weir::inline v0::http
