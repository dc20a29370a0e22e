// BEHAVIOUR.md, HTTP/1.1, "only a reset cancels a handler that has its whole request".
#include <optional>
#include <vector>

#include "weir/metrics/registry.hpp"
#include "weir/metrics/text.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/shielded.hpp"
#include "weir/task/sleep.hpp"

#include "http/house.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

class server_reset_test : public house_test {
protected:
    // Serves a handler that works so long for each request in turn, and notes how that ended.
    server noting(std::vector<duration> works) {
        server_options options;
        options.metrics = &registry_;
        return serve([this, works](request&) { return note(works.at(requests_++), outcome_); },
                     options);
    }
    server stubborn(duration work) {
        server_options options;
        options.metrics = &registry_;
        return serve([this, work](request&) { return ignore(work, outcome_); }, options);
    }
    std::string metrics() {
        std::string page;
        metrics::write_text(registry_.collect(), page);
        return page;
    }
    void expect_peer_gone() {
        EXPECT_NE(metrics().find("weir_http_rejected_total{reason=\"peer_gone\"} 1\n"),
                  std::string::npos)
            << metrics();
        EXPECT_NE(metrics().find("weir_http_requests_in_flight 0\n"), std::string::npos);
    }

    std::size_t requests_ = 0;
    std::optional<errc> outcome_;
    metrics::registry registry_{1};

private:
    static task<response> note(duration work, std::optional<errc>& outcome) {
        const auto slept = co_await sleep(work);
        outcome = slept ? errc{} : slept.error().code();
        co_return text("done");
    }
    static task<response> ignore(duration work, std::optional<errc>& outcome) {
        auto working = sleep(work);
        const auto slept = co_await shielded(1h, std::move(working));
        outcome = slept ? errc{} : slept.error().code();
        co_return text("done");
    }
};

INSTANTIATE_TEST_SUITE_P(over, server_reset_test, testing::ValuesIn(house_names()), io::name_of);

task<result<>> asks_and_resets(io::transport& near, duration patience) {
    co_await or_return(send(near, get("/")));
    co_await or_return(sleep(patience));
    near.abort();
    co_return {};
}

TEST_P(server_reset_test, stops_a_handler_that_waits_for_something_else) {
    house_->converse(noting({1h}), [](io::transport& near) { return asks_and_resets(near, 20ms); });
    EXPECT_EQ(outcome_, errc::canceled);
    expect_peer_gone();
}

TEST_P(server_reset_test, stops_a_handler_that_has_waited_for_long) {
    house_->converse(noting({1h}),
                     [](io::transport& near) { return asks_and_resets(near, 700ms); });
    EXPECT_EQ(outcome_, errc::canceled);
    expect_peer_gone();
}

task<result<>> asks_twice_and_resets(io::transport& near) {
    for (int i = 0; i < 2; ++i) {
        co_await or_return(send(near, get("/")));
        const reply answer = co_await or_return(receive_reply(near));
        EXPECT_EQ(answer.body, "done");
    }
    co_return co_await asks_and_resets(near, 20ms);
}

TEST_P(server_reset_test, stops_the_handler_of_a_connection_that_was_watched_before) {
    house_->converse(noting({700ms, 700ms, 1h}), asks_twice_and_resets);
    EXPECT_EQ(requests_, 3U);
    EXPECT_EQ(outcome_, errc::canceled);
}

task<result<>> asks_and_finishes(io::transport& near, int& status) {
    co_await or_return(send(near, get("/")));
    near.shutdown();
    const reply answer = co_await or_return(receive_reply(near));
    status = answer.status;
    co_return {};
}

TEST_P(server_reset_test, answers_a_peer_that_has_merely_finished) {
    int status = 0;
    house_->converse(noting({700ms}),
                     [&](io::transport& near) { return asks_and_finishes(near, status); });
    EXPECT_EQ(outcome_, errc{});
    EXPECT_EQ(status, 200);
    EXPECT_EQ(metrics().find("peer_gone\"} 1\n"), std::string::npos);
}

// What it answers all the same is counted as not answered.
TEST_P(server_reset_test, answers_nothing_where_the_handler_ignores_the_reset) {
    house_->converse(stubborn(700ms),
                     [](io::transport& near) { return asks_and_resets(near, 20ms); });
    EXPECT_EQ(outcome_, errc{});
    expect_peer_gone();
}

}  // namespace
}  // namespace weir::inline v0::http
