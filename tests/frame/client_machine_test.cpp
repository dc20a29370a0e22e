// When a client connects, to whom, and how long it waits: with a clock of its own.
#include "weir/frame/client_machine.hpp"

#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "weir/base/diagram.hpp"

namespace weir::inline v0::frame {
namespace {

using namespace std::chrono_literals;
using state = client_machine::state;

class client_machine_test : public testing::Test {
protected:
    // A whole attempt that is refused.
    void refuse() {
        EXPECT_EQ(machine_.now(), state::connecting);
        machine_.failed(now_, most);
    }
    void open() {
        machine_.wanted();
        finish_opening();
    }
    void finish_opening() {
        machine_.connected();
        machine_.greeted();
        EXPECT_EQ(machine_.now(), state::open);
    }
    void make(std::size_t hosts) { machine_ = client_machine{hosts, back_off{}}; }
    duration delay() const { return machine_.due() - now_; }
    void wait_for_due() {
        machine_.time_is(machine_.due() - 1ns);
        EXPECT_EQ(machine_.now(), state::backing_off) << "it was too early";
        now_ = machine_.due();
        machine_.time_is(now_);
        EXPECT_EQ(machine_.now(), state::resting);
    }

    static constexpr std::uint64_t most = 0;  // no chance taken off the delay
    client_machine machine_{1, back_off{}};
    time_point now_{1h};
};

TEST_F(client_machine_test, rests_until_somebody_calls) {
    EXPECT_EQ(machine_.now(), state::resting);
    machine_.time_is(now_ + 1h);
    EXPECT_EQ(machine_.now(), state::resting);
    open();
}

TEST_F(client_machine_test, tries_every_host_once_before_it_backs_off) {
    make(3);
    machine_.wanted();
    for (std::size_t host : {0U, 1U, 2U}) {
        EXPECT_EQ(machine_.host(), host);
        EXPECT_FALSE(machine_.hopeless());
        refuse();
    }
    EXPECT_EQ(machine_.now(), state::backing_off);
    EXPECT_TRUE(machine_.hopeless());
    wait_for_due();
    machine_.wanted();
    EXPECT_EQ(machine_.host(), 0U);
}

TEST_F(client_machine_test, waits_twice_as_long_each_time_up_to_a_bound) {
    duration expected = 50ms;
    for (int round = 0; round < 100; ++round) {
        machine_.wanted();
        refuse();
        EXPECT_EQ(delay(), expected) << round;
        expected = std::min<duration>(2 * expected, 1s);
        wait_for_due();
    }
}

TEST_F(client_machine_test, begins_anew_once_it_was_answered) {
    for (int round = 0; round < 10; ++round) {
        machine_.wanted();
        refuse();
        wait_for_due();
    }
    open();
    machine_.answered();
    machine_.lost(now_, most);
    EXPECT_EQ(machine_.now(), state::resting) << "tries again at once";
    machine_.wanted();
    refuse();
    EXPECT_EQ(delay(), 50ms);
}

TEST_F(client_machine_test, counts_a_connection_that_never_answered_as_a_failure) {
    duration before{};
    for (int round = 0; round < 5; ++round) {
        open();
        machine_.lost(now_, most);
        EXPECT_EQ(machine_.now(), state::backing_off);
        EXPECT_GT(delay(), before);
        before = delay();
        wait_for_due();
    }
    open();
    machine_.said_goodbye(now_, most);
    EXPECT_EQ(machine_.now(), state::backing_off) << "a goodbye is no answer";
    wait_for_due();
    machine_.wanted();
    machine_.connected();
    machine_.failed(now_, most);
    EXPECT_EQ(machine_.now(), state::backing_off) << "nor is a connection without a hello";
}

TEST_F(client_machine_test, goes_to_the_next_host_after_a_goodbye_and_to_the_same_after_a_loss) {
    make(2);
    open();
    machine_.answered();
    machine_.lost(now_, most);
    open();
    EXPECT_EQ(machine_.host(), 0U);
    machine_.answered();
    machine_.said_goodbye(now_, most);
    EXPECT_EQ(machine_.now(), state::resting);
    open();
    EXPECT_EQ(machine_.host(), 1U);
    machine_.lost(now_, most);
    EXPECT_EQ(machine_.now(), state::connecting) << "the other one is left in this round";
    EXPECT_EQ(machine_.host(), 0U);
}

TEST_F(client_machine_test, closes_from_wherever_it_is) {
    const auto closes = [this](state expected) {
        EXPECT_FALSE(machine_.closing());
        machine_.close();
        EXPECT_EQ(machine_.now(), expected);
        EXPECT_TRUE(machine_.closing());
        make(1);
    };
    closes(state::closed);
    machine_.wanted();
    closes(state::closed);
    machine_.wanted();
    machine_.connected();
    closes(state::closed);
    machine_.wanted();
    refuse();
    closes(state::closed);
    open();
    closes(state::leaving);
    open();
    machine_.close();
    machine_.finished();
    EXPECT_EQ(machine_.now(), state::closed);
}

TEST(back_off, stays_between_half_and_the_whole) {
    const back_off delays;
    for (std::uint64_t random = 1; random != 0; random *= 3) {
        const duration delay = delays.delay(3, random);
        EXPECT_GE(delay, 100ms);
        EXPECT_LE(delay, 200ms);
        if (random > (std::uint64_t{1} << 60U)) break;
    }
    EXPECT_NE(delays.delay(3, 12'345'678), delays.delay(3, 87'654'321));
    EXPECT_EQ(delays.delay(std::numeric_limits<unsigned>::max(), 0), 1s);
}

TEST(back_off, needs_no_delay) {
    back_off none;
    none.first = none.longest = duration{};
    EXPECT_EQ(none.delay(9, 7), duration{});
}

// `weir_diagrams frames > docs/diagrams/frames.md` after a change.
TEST(client_machine, is_the_one_that_the_documentation_shows) {
    std::ifstream file{WEIR_SOURCE_DIR "/docs/diagrams/frames.md"};
    std::stringstream text;
    text << file.rdbuf();
    const auto expected = to_mermaid(client_machine::table, state::resting, state::closed);
    EXPECT_NE(text.str().find(expected), std::string::npos) << expected;
    for (const auto& row : client_machine::table.rows())
        for (const auto name : {to_string(row.from), to_string(row.to), to_string(row.on)})
            EXPECT_NE(name, "unknown");
}

}  // namespace
}  // namespace weir::inline v0::frame
