// A view that is used too late is caught: by its bytes, under AddressSanitizer or in a debug build,
// and in a debug build by the view, before anybody looks at them. Both name the places.
#include "weir/frame/frame_view.hpp"

#include <gtest/gtest.h>

#include "weir/frame/framed.hpp"

#include "frame/wire.hpp"
#include "net/stage.hpp"
#include "support/caught.hpp"

namespace weir::inline v0::frame {
namespace {

using net::connection;
using net::stage;

#ifdef NDEBUG
constexpr bool debug_build = false;
#else
constexpr bool debug_build = true;
#endif

class frame_view_test : public net::stage_test {};

INSTANTIATE_TEST_SUITE_P(on, frame_view_test, testing::Values("epoll", "memory"), io::name_of);

void touch(bytes_view bytes) {
    volatile std::byte first = bytes.front();
    (void)first;
}

task<result<>> send_three(io::transport& to, connection& at) {
    const std::string bytes = wire(io::pattern(100)) + wire("next") + wire("last");
    co_await or_return(io::send_text(to, bytes));
    co_return co_await net::fill_up_to(at, bytes.size());
}

task<result<>> bytes_touched_too_late(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    co_await or_return(send_three(*far, here));
    const frame_view frame = co_await or_return(frames.next());
    const bytes_view bytes = frame;
    touch(bytes);
    co_await or_return(frames.next());
    EXPECT_DEATH(touch(bytes), test::caught_between_two_lines());
    co_return {};
}

TEST_P(frame_view_test, has_bytes_used_after_next_caught) {
    if (!test::views_are_watched()) GTEST_SKIP() << "nobody looks";
    run(bytes_touched_too_late(*stage_));
}

task<result<>> piece_touched_too_late(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    co_await or_return(send_three(*far, here));
    (void)co_await or_return(frames.next_size());
    const frame_view piece = co_await or_return(frames.next_piece());
    const bytes_view bytes = piece;
    touch(bytes);
    co_await or_return(frames.next_piece());
    EXPECT_DEATH(touch(bytes), test::caught_between_two_lines());
    co_return {};
}

TEST_P(frame_view_test, has_a_piece_used_after_the_next_caught) {
    if (!test::views_are_watched()) GTEST_SKIP() << "nobody looks";
    run(piece_touched_too_late(*stage_));
}

constexpr auto names_places =
    "a frame is used that is no longer there.*"
    "delivered at .*frame_view_test.cpp:.*given up at .*frame_view_test.cpp:";

task<result<>> view_used_too_late(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    co_await or_return(send_three(*far, here));
    const frame_view frame = co_await or_return(frames.next());
    co_await or_return(frames.next());
    EXPECT_DEATH((void)frame.text(),
                 std::string{names_places} + ".*used at .*frame_view_test.cpp:");
    EXPECT_DEATH((void)frame.bytes(),
                 std::string{names_places} + ".*used at .*frame_view_test.cpp:");
    EXPECT_DEATH(touch(frame), names_places);
    EXPECT_EQ(frame.size(), 100U) << "no byte of it is looked at";
    co_return {};
}

TEST_P(frame_view_test, names_the_places_where_a_view_is_used_after_next) {
    if (!debug_build) GTEST_SKIP() << "only debug builds see it";
    run(view_used_too_late(*stage_));
}

task<result<>> ended_by_others(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    co_await or_return(send_three(*far, here));
    const frame_view frame = co_await or_return(frames.next());
    (void)co_await or_return(frames.next_size());
    EXPECT_DEATH((void)frame.text(), names_places);
    const frame_view piece = co_await or_return(frames.next_piece());
    co_await or_return(frames.next_piece());
    EXPECT_DEATH((void)piece.text(), names_places);
    co_return {};
}

TEST_P(frame_view_test, ends_with_whatever_else_asks_for_input) {
    if (!debug_build) GTEST_SKIP() << "only debug builds see it";
    run(ended_by_others(*stage_));
}

// The same place in memory holds another frame by then.
task<result<>> place_used_again(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    co_await or_return(io::send_text(*far, wire("first")));
    const frame_view first = co_await or_return(frames.next());
    const auto* const where = first.bytes().data();
    for (int i = 0; i < 200; ++i) {
        co_await or_return(io::send_text(*far, wire("other")));
        const frame_view other = co_await or_return(frames.next());
        if (other.bytes().data() != where) continue;
        EXPECT_DEATH((void)first.text(), names_places);
        co_return {};
    }
    ADD_FAILURE() << "no slab was used again";
    co_return {};
}

TEST_P(frame_view_test, is_known_from_another_frame_at_the_same_place) {
    if (!debug_build) GTEST_SKIP() << "only debug builds see it";
    if (fence::up()) GTEST_SKIP() << "no place is used again";
    make(16);
    run(place_used_again(*stage_));
}

task<result<>> pinned_view(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    framed frames{here};
    co_await or_return(send_three(*far, here));
    const frame_view frame = co_await or_return(frames.next());
    const net::pin kept = frames.keep();
    co_await or_return(frames.next());
    co_await or_return(frames.next());
    EXPECT_EQ(frame.text(), io::pattern(100));
    co_return {};
}

TEST_P(frame_view_test, is_good_for_as_long_as_it_is_pinned) { run(pinned_view(*stage_)); }

TEST(view_ledger, says_nothing_of_frames_that_it_does_not_know) {
    const auto here = std::source_location::current();
    view_ledger::check(0, here);
    const auto old = view_ledger::begin(here);
    view_ledger::end(old, here);
    for (int i = 0; i < 256; ++i) view_ledger::check(view_ledger::begin(here), here);
    view_ledger::check(old, here);
    view_ledger::end(old, here);
}

TEST(view_ledger, knows_the_last_frames) {
    const auto here = std::source_location::current();
    const auto old = view_ledger::begin(here);
    for (int i = 0; i < 255; ++i) view_ledger::check(view_ledger::begin(here), here);
    view_ledger::end(old, here);
    EXPECT_DEATH(view_ledger::check(old, here), names_places);
}

}  // namespace
}  // namespace weir::inline v0::frame
