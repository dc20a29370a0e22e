#include "weir/net/lifecycle.hpp"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "weir/base/diagram.hpp"

namespace weir::inline v0::net {
namespace {

using event = lifecycle::event;
using state = lifecycle::state;

TEST(lifecycle, ends_whichever_side_ends_first) {
    lifecycle peer_first;
    peer_first.on(event::peer_ended);
    EXPECT_EQ(peer_first.now(), state::half_closed_remote);
    EXPECT_TRUE(peer_first.takes_messages());
    peer_first.on(event::shut_down);
    EXPECT_EQ(peer_first.now(), state::closed);

    lifecycle we_first;
    we_first.on(event::shut_down);
    EXPECT_EQ(we_first.now(), state::half_closed_local);
    EXPECT_FALSE(we_first.takes_messages());
    we_first.on(event::peer_ended);
    EXPECT_EQ(we_first.now(), state::closed);
}

TEST(lifecycle, takes_nothing_new_in_a_drain_though_the_peer_may_end_first) {
    lifecycle drained;
    drained.on(event::peer_ended);
    drained.on(event::drain_began);
    EXPECT_EQ(drained.now(), state::draining);
    EXPECT_FALSE(drained.takes_messages());
    drained.on(event::peer_ended);
    EXPECT_EQ(drained.now(), state::draining);
}

TEST(lifecycle, never_comes_back_from_its_end) {
    lifecycle ended;
    ended.on(event::over);
    for (const event each :
         {event::peer_ended, event::drain_began, event::shut_down, event::over}) {
        ended.on(each);
        EXPECT_EQ(ended.now(), state::closed);
    }
}

// `weir_diagrams net > docs/diagrams/net.md` after a change.
TEST(lifecycle, is_the_one_that_the_documentation_shows) {
    const std::ifstream file{WEIR_SOURCE_DIR "/docs/diagrams/net.md"};
    std::stringstream text;
    text << file.rdbuf();
    const auto expected = to_mermaid(lifecycle::table, state::open, state::closed);
    EXPECT_NE(text.str().find(expected), std::string::npos) << expected;
    for (const auto& row : lifecycle::table.rows())
        for (const auto name : {to_string(row.from), to_string(row.to), to_string(row.on)})
            EXPECT_NE(name, "unknown");
}

}  // namespace
}  // namespace weir::inline v0::net
