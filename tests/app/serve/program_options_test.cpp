// What the settings of a configuration become.
#include "app/serve/program_options.hpp"

#include <gtest/gtest.h>

#include "app/config/config_fixture.hpp"
#include "app/data/database_check.hpp"

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

TEST(program_options, have_the_services_own_settings) {
    const config read = config_with(R"(
service = { name = "lan", loops = 3, engine = "epoll", placement = "processor", takeover = "/t" }
log.level = "error"
admin.wire_traces = true
)");
    const service_options options = service_options_of(read);
    EXPECT_EQ(options.name, "lan");
    EXPECT_EQ(options.runtime.loops, 3U);
    EXPECT_EQ(options.runtime.engine, io::engine_kind::epoll);
    EXPECT_EQ(options.placement, placement::by_processor);
    EXPECT_EQ(options.takeover_path, "/t");
    EXPECT_EQ(options.log_level, weir::log_level::error);
    EXPECT_TRUE(options.wire_traces);
    const auto with_engine = [](const std::string& name) {
        return service_options_of(config_with("service.engine = \"" + name + '"')).runtime.engine;
    };
    EXPECT_EQ(with_engine("uring"), io::engine_kind::uring);
    EXPECT_EQ(with_engine("auto"), io::engine_kind::automatic);
}

TEST(program_options, give_http_the_limits_of_a_request) {
    const config read = config_with("limits = { body = \"64KiB\", request_timeout = \"7s\" }");
    service service{service_options_of(config_with("log.level = \"off\""))};
    const http::server_options options = http_options_of(read, service);
    EXPECT_EQ(options.limits.max_body_bytes, std::size_t{64} << 10);
    EXPECT_EQ(options.request_timeout, options.body_timeout + 7s);
    EXPECT_EQ(options.metrics, &service.metrics());
}

TEST(program_options, give_http_the_time_of_the_slowest_endpoint) {
    const config read = config_of("limits.request_timeout = \"7s\"\n" + database +
                                  endpoint_with("timeout", "timeout = \"9s\""));
    service service{service_options_of(config_with("log.level = \"off\""))};
    const http::server_options options = http_options_of(read, service);
    EXPECT_EQ(options.request_timeout, options.body_timeout + 9s);
}

constexpr auto database_settings = R"(
limits = { max_connections = 7, in_flight = 3 }
[database]
url = "sqlite:network.db"
readers = 3
acquire_timeout = "1s"
busy_timeout = "2s"
group_statements = 5
group_bytes = 2048
)";

TEST(program_options, have_the_settings_of_the_database) {
    const config read = config_of(database_settings + one_endpoint);
    const db::database_options options = database_options_of(read, database_access::serve);
    EXPECT_EQ(options.connections.max_size, 3U);
    EXPECT_EQ(options.connections.acquire_timeout, 1s);
    EXPECT_EQ(options.busy_timeout, 2s);
    EXPECT_EQ(options.group.max_statements, 5U);
    EXPECT_EQ(options.group.max_bytes, 2048U);
    EXPECT_EQ(options.group.max_waiting, 7U * 3U);
    EXPECT_EQ(options.cached_statements, 64U);
    EXPECT_FALSE(options.create);
    // A thread for each reader, the writer, and one that rolls back.
    EXPECT_EQ(service_options_of(read).runtime.blocking.threads, 3U + 2U);
}

TEST(program_options, open_a_database_to_write_only_where_something_writes) {
    const config reads = config_of(database_settings + one_endpoint);
    EXPECT_TRUE(database_options_of(reads, database_access::serve).read_only);
    const config writes =
        config_of(database_settings + endpoint_with("method", R"(method = "PUT")"));
    EXPECT_FALSE(database_options_of(writes, database_access::serve).read_only);
    EXPECT_TRUE(database_options_of(writes, database_access::look).read_only);
}

TEST(program_options, keep_every_statement_prepared) {
    std::string many = database;
    for (int number = 0; number < 100; ++number) {
        const std::string name = 'e' + std::to_string(number);
        many += "[[endpoint]]\nname = \"" + name + "\"\nmethod = \"GET\"\npath = \"/" + name +
                "\"\nsql = \"select 1\"\n";
    }
    const auto options = database_options_of(config_of(many), database_access::serve);
    EXPECT_GE(options.cached_statements, 100U);
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
