// The machines' tables: what a table checks where it is compiled, and the diagrams made of it.
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "weir/base/diagram.hpp"
#include "weir/http/chunked_reader.hpp"
#include "weir/http/head_reader.hpp"
#include "weir/http/keep_alive.hpp"
#include "weir/http/message_order.hpp"

namespace weir::inline v0::http {
namespace {

enum class light : std::uint8_t { red, green, dark };
enum class turn : std::uint8_t { switched, broke };

std::string_view to_string(light which) {
    return which == light::red ? "red" : which == light::green ? "green" : "dark";
}
std::string_view to_string(turn which) { return which == turn::switched ? "switched" : "broke"; }

constexpr auto lights = make_table<light::dark, turn::broke>({
    {light::red, turn::switched, light::green},
    {light::green, turn::switched, light::red},
    {light::green, turn::broke, light::dark},
});
static_assert(lights.after(light::red, turn::switched) == light::green);
static_assert(lights.allows(light::green, turn::broke));
static_assert(!lights.allows(light::red, turn::broke));
static_assert(lights.reaches_every_state_from(light::red));
static_assert(!lights.reaches_every_state_from(light::dark));
static_assert(lights.leads_every_state_to(light::dark));
static_assert(!lights.leads_every_state_to(light::red));
static_assert(lights.uses_every_event());

constexpr auto forgotten = make_table<light::dark, turn::broke>({
    {light::red, turn::switched, light::green},
    {light::green, turn::switched, light::red},
});
static_assert(!forgotten.reaches_every_state_from(light::red));
static_assert(!forgotten.leads_every_state_to(light::dark));
static_assert(!forgotten.uses_every_event());

TEST(transition_table, is_printed_as_a_diagram) {
    EXPECT_EQ(to_mermaid(lights, light::red, light::dark),
              "stateDiagram-v2\n"
              "    [*] --> red\n"
              "    red --> green: switched\n"
              "    green --> red: switched\n"
              "    green --> dark: broke\n"
              "    dark --> [*]\n");
}

TEST(transition_table, names_every_state_and_event_of_the_machines) {
    const auto named = [](const auto& table) {
        for (const auto& row : table.rows())
            for (const std::string_view name :
                 {to_string(row.from), to_string(row.on), to_string(row.to)})
                EXPECT_NE(name, "unknown");
    };
    named(message_order::table);
    named(head_reader::table);
    named(chunked_reader::table);
    named(keep_alive::table);
}

// `weir_diagrams http > docs/diagrams/http.md` after a change.
TEST(transition_table, is_the_one_that_the_documentation_shows) {
    std::ifstream file{WEIR_SOURCE_DIR "/docs/diagrams/http.md"};
    std::ostringstream text;
    text << file.rdbuf();
    EXPECT_NE(text.str().find(to_mermaid(message_order::table, message_order::state::idle,
                                         message_order::state::closed)),
              std::string::npos);
    EXPECT_NE(text.str().find(to_mermaid(head_reader::table, head_reader::state::before_message,
                                         head_reader::state::broken)),
              std::string::npos);
    EXPECT_NE(text.str().find(to_mermaid(chunked_reader::table, chunked_reader::state::size,
                                         chunked_reader::state::broken)),
              std::string::npos);
    EXPECT_NE(text.str().find(to_mermaid(keep_alive::table, keep_alive::state::persistent,
                                         keep_alive::state::closing)),
              std::string::npos);
}

TEST(keep_alive, never_goes_back_from_the_last_message) {
    keep_alive machine;
    machine.on(keep_alive::event::message_ended);
    EXPECT_TRUE(machine.persists());
    machine.on(keep_alive::event::close_asked);
    EXPECT_FALSE(machine.persists());
    EXPECT_FALSE(machine.closing());
    machine.on(keep_alive::event::stream_ended);
    machine.on(keep_alive::event::message_ended);
    EXPECT_TRUE(machine.closing());
    machine.on(keep_alive::event::close_asked);
    EXPECT_TRUE(machine.closing());
}

}  // namespace
}  // namespace weir::inline v0::http
