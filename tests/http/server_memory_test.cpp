// What requests hold of the loop's memory for reading.
#include <gtest/gtest.h>

#include "weir/http/server.hpp"
#include "weir/metrics/registry.hpp"
#include "weir/metrics/text.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/scope.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"

#include "http/house.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

class server_memory_test : public house_test {};

INSTANTIATE_TEST_SUITE_P(over, server_memory_test, testing::ValuesIn(house_names()), io::name_of);

// Many connections to one server, one request on each.
class crowd {
public:
    crowd(house& house, server server) : house_{house}, server_{std::move(server)} {}

    // Sends the text on one more connection.
    task<result<>> join(std::string text) {
        auto [near, far] = co_await or_return(house_.make_link());
        near_.push_back(std::move(near));
        scope_.spawn(serve(std::move(far)));
        co_return co_await send(*near_.back(), text);
    }
    io::transport& at(std::size_t index) { return *near_[index]; }
    task<> leave() {
        near_.clear();
        co_await scope_.join();
    }

private:
    task<> serve(std::unique_ptr<io::transport> far) {
        net::connection connection{std::move(far), house_.loop(), house_.connections};
        co_await server_(connection);
        co_await connection.close();
    }

    house& house_;
    server server_;
    std::vector<std::unique_ptr<io::transport>> near_;
    task_scope scope_{house_.loop().env(),
                      [](const error& why) { ADD_FAILURE() << why.message(); }};
};

task<result<response>> reads_its_body(request& request) {
    const bytes_view body = co_await or_return(request.read_body());
    co_return text(std::string{as_text(body)});
}

bool tells(const metrics::registry& registry, std::string_view line) {
    std::string page;
    metrics::write_text(registry, page);
    return page.find(line) != std::string::npos;
}

task<result<>> bodies_arrive(house& house, metrics::registry& registry) {
    server_options options;
    options.metrics = &registry;
    crowd crowd{house, serve(reads_its_body, options)};
    for (int i = 0; i < 38; ++i) {
        co_await or_return(crowd.join("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"));
    }
    while (!tells(registry, "weir_http_requests_in_flight 16\n") ||
           !tells(registry, "weir_http_rejected_total{reason=\"overloaded\"} 22\n")) {
        co_await or_return(sleep(1ms));
    }
    int answered = 0;
    for (std::size_t i = 0; i < 38; ++i) {
        co_await or_return(send(crowd.at(i), "hello"));
        const auto got = co_await or_return(receive_reply(crowd.at(i)));
        if (got.status == 200) ++answered;
    }
    EXPECT_EQ(answered, 16);
    co_await crowd.leave();
    co_return {};
}

TEST_P(server_memory_test, handlers_never_hold_so_many_slabs_that_their_bodies_cannot_arrive) {
    make(40);
    metrics::registry registry{1};
    if (house_) house_->run(bodies_arrive(*house_, registry));
}

// More than anybody takes without reading.
response much(int& answers) {
    ++answers;
    response answer{status::ok};
    answer.set_body(std::string(std::size_t{8} << 20U, 'x'));
    return answer;
}

task<result<>> holds_no_slab(house& house) {
    house.connections.output_limit = std::size_t{16} << 20U;
    io::slab_pool& slabs = house.loop().slabs();
    int answers = 0;
    crowd crowd{house, serve([&answers](request&) { return much(answers); })};
    std::size_t with_one = 0;
    for (int connections = 1; connections <= 40; ++connections) {
        co_await or_return(crowd.join(get("/")));
        while (answers < connections) co_await or_return(sleep(1ms));
        if (connections == 1) with_one = slabs.free();
    }
    EXPECT_GE(slabs.free() + 8, with_one);
    co_await crowd.leave();
    co_return {};
}

TEST_P(server_memory_test, an_answer_that_waits_for_its_reader_holds_no_slab) {
    house_->run(holds_no_slab(*house_));
}

}  // namespace
}  // namespace weir::inline v0::http
