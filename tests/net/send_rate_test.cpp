// How slowly a peer may take what it is sent.
#include <vector>

#include "weir/net/connection.hpp"
#include "weir/task/when_all.hpp"

#include "net/stage.hpp"

namespace weir::inline v0::net {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kibibyte = 1024;

// Only where time passes as the timers say: a kernel's buffers have a pace of their own.
class send_rate_test : public stage_test {
protected:
    // 100 KiB in each tenth of a second.
    void SetUp() override {
        stage_test::SetUp();
        stage_->options.write_timeout = 100ms;
        stage_->options.min_send_rate = 1000 * kibibyte;
    }
};

INSTANTIATE_TEST_SUITE_P(on, send_rate_test,
                         testing::Values("memory", "sim", "sim_seed_1", "sim_seed_2"), io::name_of);

// So much every 10 ms, to the end. Answers with how much that was.
task<result<std::size_t>> take(io::transport& from, std::size_t each) {
    std::vector<std::byte> place(each);
    std::size_t taken = 0;
    for (;;) {
        for (std::size_t got = 0; got < each;) {
            const bytes_span rest = bytes_span{place}.subspan(got);
            const auto part = co_await io::receive_into{from, rest};
            if (!part) co_return taken;
            got += *part;
            taken += *part;
        }
        co_await or_return(sleep(10ms));
    }
}

task<result<>> lend(stage& on, std::unique_ptr<io::transport> near, std::size_t size) {
    const std::string lent = io::pattern(size);
    connection here{std::move(near), on.loop(), on.options};
    here.write_view(as_bytes(lent));
    auto sent = co_await here.flush();
    co_await here.close();
    co_return std::move(sent);
}

task<result<>> at_pace(stage& on, std::size_t each, errc expected) {
    auto [near, far] = co_await or_return(on.link());
    const std::size_t size = 2000 * kibibyte;
    const time_point start = on.now();
    const auto [sent, taken] = co_await when_all(lend(on, std::move(near), size), take(*far, each));
    EXPECT_EQ(sent ? errc{} : sent.error().code(), expected);
    if (expected == errc{}) {
        EXPECT_EQ(taken.value_or(0), size);
        EXPECT_GT(on.now() - start, 10 * on.options.write_timeout) << "no test of a slow peer";
    } else {
        EXPECT_LT(taken.value_or(size), size);
        EXPECT_LE(on.now() - start, 3 * on.options.write_timeout);
    }
    co_return {};
}

// BEHAVIOUR.md, "slow reader".
TEST_P(send_rate_test, goes_on_with_a_peer_that_is_slow_and_fast_enough) {
    run(at_pace(*stage_, 12 * kibibyte, errc{}));
}

TEST_P(send_rate_test, resets_a_peer_that_takes_less_than_the_rate) {
    run(at_pace(*stage_, 8 * kibibyte, errc::timed_out));
}

task<result<>> nothing_taken(stage& on, std::size_t size, duration patience) {
    auto [near, far] = co_await or_return(on.link());
    const time_point start = on.now();
    const auto sent = co_await lend(on, std::move(near), size);
    EXPECT_EQ(sent.error(), errc::timed_out);
    EXPECT_LE(on.now() - start, patience + 5ms);
    co_return {};
}

// However much is to be sent: what the transport buffers for it in the first window is no merit.
TEST_P(send_rate_test, resets_a_peer_that_takes_nothing_as_soon_whatever_the_size) {
    run(nothing_taken(*stage_, 90 * kibibyte, 100ms));
    run(nothing_taken(*stage_, 20'000 * kibibyte, 200ms));
}

task<result<>> trickle(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    const auto [sent, taken] =
        co_await when_all(lend(on, std::move(near), 200 * kibibyte), take(*far, kibibyte));
    EXPECT_TRUE(sent.has_value());
    EXPECT_EQ(taken.value_or(0), 200 * kibibyte);
    co_return {};
}

TEST_P(send_rate_test, takes_any_progress_where_no_rate_is_asked_for) {
    stage_->options.min_send_rate = 0;
    run(trickle(*stage_));
}

}  // namespace
}  // namespace weir::inline v0::net
