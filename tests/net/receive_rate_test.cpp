// How slowly a peer may send a message, where a rate is asked for.
#include "weir/net/connection.hpp"
#include "weir/task/when_all.hpp"
#include "weir/task/with_timeout.hpp"

#include "net/stage.hpp"

namespace weir::inline v0::net {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t message = 1000;

// 100 bytes in each tenth of a second.
class receive_rate_test : public stage_test {
protected:
    void SetUp() override {
        stage_test::SetUp();
        if (!stage_) return;
        stage_->options.idle_timeout = 100ms;
        stage_->options.min_receive_rate = 1000;
    }
};

INSTANTIATE_TEST_SUITE_P(on, receive_rate_test, testing::ValuesIn(stage_names()), io::name_of);

// Only where time passes as the timers say.
class exact_receive_rate_test : public receive_rate_test {};

INSTANTIATE_TEST_SUITE_P(on, exact_receive_rate_test,
                         testing::Values("memory", "sim", "sim_seed_1", "sim_seed_2"), io::name_of);

// So much every so often, until the other side has ended.
struct trickle {
    std::size_t each;
    duration every;
};

task<result<>> send(io::transport& through, trickle how, const bool& ended) {
    while (!ended) {
        auto sent = co_await io::send_text(through, std::string(how.each, 'x'));
        if (!sent) break;
        co_await or_return(sleep(how.every));
    }
    co_return {};
}

// One that reads a message in pieces: nothing of it is left in input() while the rest is to come.
task<result<>> read_in_pieces(connection& from) {
    from.set_in_message(true);
    for (std::size_t got = 0; got < message;) {
        co_await or_return(from.fill());
        got += from.input().size();
        from.consume(from.input().size());
    }
    from.set_in_message(false);
    co_return {};
}

task<result<>> read_whole(connection& from) { co_return co_await fill_up_to(from, message); }

// Hears what little comes, and takes its time with it.
task<result<>> read_slowly(connection& from) {
    for (std::size_t got = 0; got < message; got = from.input().size()) {
        co_await or_return(from.fill());
        co_await or_return(sleep(190ms));
    }
    co_return {};
}

// False where it was the connection that had enough.
task<bool> waits_for(connection& from, duration patience) {
    const time_point begun = from.loop().now();
    const auto more = co_await with_timeout(patience, from.fill());
    co_return more || from.loop().now() - begun >= patience;
}

// What was waited in vain counts.
task<result<>> read_in_slices(connection& from) {
    for (std::size_t got = 0; got < message; got = from.input().size())
        if (!co_await waits_for(from, 7ms)) co_return fail(errc::timed_out);
    co_return {};
}

// What was not waited does not, also where the wait before was in vain: one of 14 is.
task<result<>> read_now_and_then(connection& from) {
    for (std::size_t got = 0; got < message / 10; got = from.input().size()) {
        if (!co_await waits_for(from, 5ms)) co_return fail(errc::timed_out);
        co_await or_return(sleep(93ms));
    }
    co_return {};
}

// Messages of ten bytes that come in two halves, with less than the rate in each tenth of a second.
task<result<>> read_small_messages(connection& from) {
    for (int i = 0; i < 20; ++i) {
        co_await or_return(fill_up_to(from, 10));
        from.consume(from.input().size());
    }
    co_return {};
}

using reader = task<result<>> (*)(connection&);

task<errc> ending(reader read, connection& from, bool& ended) {
    const auto outcome = co_await read(from);
    ended = true;
    co_return outcome ? errc{} : outcome.error().code();
}

task<result<>> with_peer(stage& on, trickle how, reader read, errc expected) {
    auto [near, far] = co_await or_return(on.link());
    bool ended = false;
    connection here{std::move(near), on.loop(), on.options};
    const time_point start = on.now();
    const auto [read_as, sent] =
        co_await when_all(ending(read, here, ended), send(*far, how, ended));
    EXPECT_EQ(read_as, expected);
    const duration took = on.now() - start;
    if (expected == errc{}) {
        EXPECT_GT(took, 500ms) << "no test of a slow peer";
    } else if (on.exact()) {
        EXPECT_LE(took, 250ms);
    }
    co_return {};
}

TEST_P(receive_rate_test, ends_with_a_peer_that_sends_a_message_byte_by_byte) {
    run(with_peer(*stage_, {1, 10ms}, read_whole, errc::timed_out));
}

TEST_P(receive_rate_test, ends_with_a_peer_whose_message_is_taken_in_pieces) {
    run(with_peer(*stage_, {1, 10ms}, read_in_pieces, errc::timed_out));
}

TEST_P(exact_receive_rate_test, goes_on_with_a_peer_that_is_slow_and_fast_enough) {
    run(with_peer(*stage_, {12, 10ms}, read_whole, errc{}));
    run(with_peer(*stage_, {12, 10ms}, read_in_pieces, errc{}));
}

TEST_P(exact_receive_rate_test, counts_only_the_time_that_is_spent_waiting) {
    run(with_peer(*stage_, {20, 200ms}, read_slowly, errc{}));
}

TEST_P(exact_receive_rate_test, counts_what_was_waited_in_vain_and_nothing_else) {
    run(with_peer(*stage_, {1, 10ms}, read_in_slices, errc::timed_out));
    run(with_peer(*stage_, {5, 100ms}, read_now_and_then, errc{}));
}

TEST_P(exact_receive_rate_test, asks_nothing_between_two_messages) {
    run(with_peer(*stage_, {5, 45ms}, read_small_messages, errc{}));
}

TEST_P(exact_receive_rate_test, takes_anything_where_no_rate_is_asked_for) {
    stage_->options.min_receive_rate = 0;
    run(with_peer(*stage_, {10, 90ms}, read_whole, errc{}));
}

}  // namespace
}  // namespace weir::inline v0::net
