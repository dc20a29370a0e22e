// The example's own machine: a conversation, no socket, and the diagram that the guide shows.
#include "15_state_machines/mail_session.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "weir/base/diagram.hpp"

namespace guide::state_machines {
namespace {

using state = mail_session::state;
using event = mail_session::event;

// Whoever forgets that a mail ends is told so where the table is compiled.
enum class phase : std::uint8_t { open, in_mail, over };
enum class seen : std::uint8_t { data, quit };
constexpr auto forgotten = weir::make_table<phase::over, seen::quit>({
    {phase::open, seen::data, phase::in_mail},
    {phase::open, seen::quit, phase::over},
});
static_assert(!forgotten.leads_every_state_to(phase::over));

// What is said to these bytes, one reply a line, when they come in pieces of so many.
std::string replies_to(std::string_view bytes, std::size_t piece) {
    mail_session session;
    std::string input;
    std::string said;
    while (!bytes.empty() && !session.ended()) {
        input += bytes.substr(0, piece);
        bytes.remove_prefix(std::min(piece, bytes.size()));
        while (!session.ended()) {
            const auto step = session.next(input);
            if (step.consumed == 0) break;
            input.erase(0, step.consumed);
            if (!step.reply.empty()) said += std::string{step.reply.substr(0, 3)} + " ";
        }
    }
    return said;
}

std::string replies_to(std::string_view bytes) {
    const std::string together = replies_to(bytes, bytes.size());
    EXPECT_EQ(replies_to(bytes, 1), together) << "whatever the pieces";
    return together;
}

const std::string envelope = "EHLO me\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n";

TEST(mail_session, takes_one_mail_after_the_other) {
    EXPECT_EQ(replies_to(envelope + "hello\r\n..dot\r\n.\r\nmail from:<a>\r\nQUIT\r\n"),
              "250 250 250 354 250 250 221 ");
}

TEST(mail_session, says_what_is_out_of_order_and_goes_on) {
    EXPECT_EQ(replies_to("DATA\r\nBREW\r\nHELO me\r\nDATA\r\nRSET\r\nQUIT\r\n"),
              "503 500 250 503 250 221 ");
}

TEST(mail_session, drops_a_mail_that_is_too_large_and_knows_its_end) {
    std::string mail;
    for (int i = 0; i < 1000; ++i) mail += std::string(98, 'x') + "\r\n";
    EXPECT_EQ(replies_to(envelope + mail + ".\r\nRSET\r\n"), "250 250 250 354 552 250 ");
}

TEST(mail_session, ends_at_a_line_that_two_servers_would_read_in_two_ways) {
    EXPECT_EQ(replies_to(envelope + "hello\n.\nMAIL FROM:<admin>\r\n.\r\n"),
              "250 250 250 354 500 ");
}

TEST(mail_session, ends_at_a_line_too_long_before_its_end_has_come) {
    EXPECT_EQ(replies_to("EHLO " + std::string(993, 'x') + "\r\nQUIT\r\n"), "250 221 ");
    EXPECT_EQ(replies_to("EHLO " + std::string(994, 'x') + "\r\nQUIT\r\n"), "500 ");
    EXPECT_EQ(replies_to(std::string(1000, 'x')), "500 ");
}

// `example_state_machines --diagram` after a change.
TEST(mail_session, is_the_machine_that_the_guide_shows) {
    std::ifstream file{WEIR_SOURCE_DIR "/docs/guide/5_state_machines.md"};
    std::ostringstream page;
    page << file.rdbuf();
    const std::string diagram =
        weir::to_mermaid(mail_session::table, state::awaiting_hello, state::ended);
    EXPECT_NE(page.str().find(diagram), std::string::npos);
}

}  // namespace
}  // namespace guide::state_machines
