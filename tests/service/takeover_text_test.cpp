#include "service/takeover_text.hpp"

#include <gtest/gtest.h>

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;

TEST(takeover_text, says_what_is_offered) {
    takeover_offer offer;
    offer.kept = {false, true};
    EXPECT_EQ(to_text(offer), "weir-takeover 1\nsocket\nsocket kept\n\n");
    offer.watched_by = supervisor{"@manager", 30'000'000};
    EXPECT_EQ(to_text(offer),
              "weir-takeover 1\nsocket\nsocket kept\nnotify @manager\nwatchdog-us 30000000\n\n");
}

TEST(takeover_text, is_understood) {
    takeover_offer offer;
    offer.kept = {true, false, true};
    offer.watched_by = supervisor{"/run/notify", 250};
    const auto read = parse_offer(to_text(offer));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->kept, offer.kept);
    EXPECT_EQ(read->watched_by.socket(), "/run/notify");
    EXPECT_EQ(read->watched_by.watchdog(), 250us);
}

TEST(takeover_text, of_another_version_or_kind_is_refused) {
    for (const std::string_view text :
         {"", "\n\n", "weir-takeover 2\nsocket\n\n", "HTTP/1.1 400 Bad Request\n\n",
          "weir-takeover 1\nsocket lent\n\n", "weir-takeover 1\nwatchdog-us x\n\n",
          "weir-takeover 1\nwatchdog-us\n\n"}) {
        const auto read = parse_offer(text);
        ASSERT_FALSE(read.has_value()) << text;
        EXPECT_EQ(read.error(), errc::malformed) << text;
    }
    EXPECT_EQ(parse_offer(takeover_refusal).error(), errc::unavailable);
}

TEST(takeover_text, bounds_how_long_a_manager_may_hear_nothing) {
    const auto read = parse_offer("weir-takeover 1\nwatchdog-us 18446744073709551615\n\n");
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->watched_by.watchdog(), 24h);
}

TEST(takeover_text, says_which_sockets_were_taken) {
    EXPECT_EQ(ready_line({}), "ready\n");
    EXPECT_EQ(ready_line({0, 12}), "ready 0 12\n");
    EXPECT_EQ(parse_ready("ready", 2).value(), std::vector<std::size_t>{});
    EXPECT_EQ(parse_ready("ready 1 0", 2).value(), (std::vector<std::size_t>{1, 0}));
}

TEST(takeover_text, of_a_successor_that_took_something_else_is_refused) {
    for (const std::string_view line :
         {"", "read", "ready 2", "ready 0 1 0", "ready -1", "ready x", "ready  0"}) {
        EXPECT_EQ(parse_ready(line, 2).error(), errc::malformed) << line;
    }
}

}  // namespace
}  // namespace weir::inline v0
