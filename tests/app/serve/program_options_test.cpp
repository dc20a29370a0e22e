// What the settings of a configuration become.
#include "app/serve/program_options.hpp"

#include <gtest/gtest.h>

#include "app/config/config_fixture.hpp"

namespace weir::app {
namespace {

using namespace std::chrono_literals;

TEST(program_options, have_the_limits_of_the_configuration) {
    const config read = config_with(R"(
limits.max_connections = 5
limits.max_connections_per_address = 4
limits.max_accepts_per_second = 100
limits.max_connection_age = "1h"
limits.idle_timeout = "3s"
limits.user_timeout = "4s"
drain = { timeout = "9s", delay = "500ms" }
)");
    const service_options options = service_options_of(read);
    EXPECT_EQ(options.max_connections, 5U);
    EXPECT_EQ(options.max_connections_per_address, 4U);
    EXPECT_EQ(options.max_accepts_per_second, 100U);
    EXPECT_EQ(options.max_connection_age, 1h);
    EXPECT_EQ(options.connections.idle_timeout, 3s);
    EXPECT_EQ(options.user_timeout, 4s);
    EXPECT_EQ(options.drain_timeout, 9s);
    EXPECT_EQ(options.drain_delay, 500ms);
}

TEST(program_options, are_the_librarys_own_where_nothing_is_said) {
    const service_options options = service_options_of(config_of(database + one_endpoint));
    const service_options librarys;
    EXPECT_EQ(options.max_connections, librarys.max_connections);
    EXPECT_EQ(options.max_connection_age, librarys.max_connection_age);
    EXPECT_EQ(options.connections.idle_timeout, librarys.connections.idle_timeout);
    EXPECT_EQ(options.user_timeout, librarys.user_timeout);
    EXPECT_EQ(options.drain_timeout, librarys.drain_timeout);
}

TEST(program_options, have_the_log_level_by_the_name_that_the_library_has_for_it) {
    const auto setting = [](std::string_view name) {
        return "log.level = \"" + std::string{name} + '"';
    };
    for (const std::string_view name : {"debug", "info", "warning", "error", "off"}) {
        const config read = config_with(setting(name));
        EXPECT_EQ(service_options_of(read).log_level, *parse_log_level(name)) << name;
    }
    for (const std::string_view name : {"trace", "warn", "Info", ""}) {
        EXPECT_NE(problems_with(setting(name)), "") << name;
        EXPECT_FALSE(parse_log_level(name)) << name;
    }
}

TEST(program_options, have_room_for_the_largest_frame) {
    const auto options_with = [](const std::string& body) {
        return service_options_of(config_with("limits.body = \"" + body + '"'));
    };
    constexpr std::size_t mebibyte = std::size_t{1} << 20, around = std::size_t{64} << 10;
    EXPECT_EQ(options_with("16MiB").connections.input_limit, 16 * mebibyte + around + 4);
    EXPECT_EQ(options_with("16MiB").runtime.assembly_bytes, 3 * (16 * mebibyte + around));
    EXPECT_EQ(options_with("1KiB").connections.input_limit, 1024 + around + 4);
    EXPECT_EQ(options_with("1KiB").runtime.assembly_bytes,
              service_options{}.runtime.assembly_bytes);
}

}  // namespace
}  // namespace weir::app
