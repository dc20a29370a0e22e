// A reset that comes while whoever works for the peer neither reads nor sends.
#include <memory>

#include "weir/net/connection.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/when_all.hpp"
#include "weir/task/with_stop.hpp"

#include "net/counting_transport.hpp"
#include "net/stage.hpp"

namespace weir::inline v0::net {
namespace {

using namespace std::chrono_literals;

class reset_watch_test : public stage_test {};

INSTANTIATE_TEST_SUITE_P(on, reset_watch_test, testing::ValuesIn(stage_names()), io::name_of);

// Works so long, or until it is stopped.
task<errc> work(connection& of, duration time) {
    const environment& env = co_await this_env{};
    stop_node stop{env.stop()};
    of.stop_at_reset(&stop);
    auto working = sleep(time);
    const auto outcome = co_await with_stop(stop, std::move(working));
    of.stop_at_reset(nullptr);
    co_return outcome ? errc{} : outcome.error().code();
}

task<> reset_after(std::unique_ptr<io::transport>& side, duration time) {
    (void)co_await sleep(time);
    side->abort();
    side.reset();
}

task<result<>> resets(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    auto [outcome, reset] = co_await when_all(work(here, 1h), reset_after(far, 2ms));
    EXPECT_EQ(outcome, errc::canceled);
    EXPECT_EQ(here.broken(), errc::reset);
    EXPECT_EQ((co_await write_text(here, "answer")).error(), errc::reset);
    co_return {};
}

TEST_P(reset_watch_test, stops_what_its_peer_asked_for) { run(resets(*stage_)); }

task<result<>> resets_behind_its_end(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    far->shutdown();
    EXPECT_EQ(co_await fill_error(here), errc::end_of_stream);
    auto [outcome, reset] = co_await when_all(work(here, 1h), reset_after(far, 2ms));
    EXPECT_EQ(outcome, errc::canceled);
    co_return {};
}

TEST_P(reset_watch_test, stops_it_where_the_peer_had_finished_before) {
    run(resets_behind_its_end(*stage_));
}

task<result<>> finishes(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    far->shutdown();
    EXPECT_EQ(co_await work(here, 20ms), errc{});
    co_await or_return(write_text(here, "answer"));
    EXPECT_EQ((co_await io::receive_text(*far, 6)).value_or(""), "answer");
    co_await here.close();
    EXPECT_EQ(here.broken(), errc::closed) << "an end of both sides is no reset";
    co_return {};
}

TEST_P(reset_watch_test, stops_nothing_where_the_peer_has_merely_finished) {
    run(finishes(*stage_));
}

task<result<>> had_been_reset(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    co_await reset_after(far, 0ms);
    EXPECT_EQ(co_await fill_error(here), errc::reset);
    EXPECT_EQ(co_await work(here, 1h), errc::canceled);
    co_return {};
}

TEST_P(reset_watch_test, stops_at_once_what_begins_after_the_reset) {
    run(had_been_reset(*stage_));
}

task<result<>> reset_while_idle(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    const environment& env = co_await this_env{};
    stop_node over{env.stop()};
    here.stop_at_reset(&over);
    here.stop_at_reset(nullptr);
    co_await reset_after(far, 0ms);
    EXPECT_EQ(co_await fill_error(here), errc::reset);
    EXPECT_FALSE(over.requested());
    co_return {};
}

TEST_P(reset_watch_test, stops_nothing_that_has_ended) { run(reset_while_idle(*stage_)); }

task<result<>> works_often(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    auto counting = std::make_unique<counting_transport>(std::move(near));
    const counting_transport& counted = *counting;
    connection here{std::move(counting), on.loop(), on.options};
    for (int i = 0; i < 5; ++i) EXPECT_EQ(co_await work(here, 1ms), errc{});
    EXPECT_EQ(counted.watches, 1);
    co_return {};
}

TEST_P(reset_watch_test, is_begun_once) { run(works_often(*stage_)); }

}  // namespace
}  // namespace weir::inline v0::net
