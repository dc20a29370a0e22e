// Which of the sockets that were passed must have a use.
#include "service/listener_provider.hpp"

#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace weir::inline v0 {
namespace {

using origin = listener_provider::origin;

const io::endpoint http = io::endpoint::ipv4({127, 0, 0, 1}, 8080);
const io::endpoint frames = io::endpoint::ipv4({127, 0, 0, 1}, 9000);
const std::vector one{http};
const std::vector both{http, frames};

listener_provider with(const io::endpoint& at, bool kept, origin from) {
    std::vector<io::listening_socket> sockets(1);
    sockets[0].local = at;
    sockets[0].kept = kept;
    listener_provider made;
    made.inherit(std::move(sockets), from);
    return made;
}

TEST(listener_provider, wants_each_socket_that_a_manager_keeps_to_be_served) {
    for (const origin from : {origin::manager, origin::predecessor}) {
        const listener_provider provider = with(frames, true, from);
        EXPECT_TRUE(provider.check(both).has_value());
        const auto outcome = provider.check(one);
        ASSERT_FALSE(outcome.has_value());
        EXPECT_EQ(outcome.error(), errc::invalid_argument);
        EXPECT_NE(outcome.error().message().find("127.0.0.1:9000"), std::string::npos);
    }
}

TEST(listener_provider, leaves_to_a_predecessor_what_is_its_own) {
    listener_provider provider = with(frames, false, origin::predecessor);
    EXPECT_TRUE(provider.check(one).has_value());
    EXPECT_TRUE(provider.close_unwanted().has_value());
    EXPECT_FALSE(provider.has(frames));
}

}  // namespace
}  // namespace weir::inline v0
