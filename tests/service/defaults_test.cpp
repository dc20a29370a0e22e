// What a service does that was told nothing: a default that changes changes each of them.
#include <gtest/gtest.h>

#include "weir/frame/codec_options.hpp"
#include "weir/http/server_options.hpp"
#include "weir/service/options.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kib = 1024;
constexpr std::size_t mib = 1024 * kib;

// DESIGN.md, "Server defaults".
TEST(defaults, of_a_server_are_those_of_the_design) {
    const http::server_options server;
    EXPECT_EQ(server.head_timeout, 10s);
    EXPECT_EQ(server.body_timeout, 60s);
    EXPECT_EQ(server.body_window, 5s);
    EXPECT_EQ(server.min_bytes_per_window, kib);
    EXPECT_EQ(server.limits.max_fields, 100U);
    EXPECT_EQ(server.limits.max_field_bytes, 32 * kib);
    EXPECT_EQ(server.limits.max_body_bytes, mib);
    const net::connection_options connection;
    EXPECT_EQ(connection.idle_timeout, 75s);
    const service_options service;
    EXPECT_EQ(service.connections.idle_timeout, 75s);
    EXPECT_EQ(service.drain_timeout, 30s);
}

// BEHAVIOUR.md gives the target's; the others are ours.
TEST(defaults, bound_what_a_message_may_cost) {
    const http::server_options server;
    EXPECT_EQ(server.limits.max_target_bytes, 8'000U);
    EXPECT_EQ(server.limits.max_chunk_extension_bytes, 4 * kib);
    EXPECT_EQ(server.limits.max_trailer_bytes, 8 * kib);
    EXPECT_EQ(server.request_timeout, 30s);
    EXPECT_EQ(server.unread_body_limit, 64 * kib);
    EXPECT_EQ(server.max_in_flight, 1024U);
    EXPECT_FALSE(server.request_ids);
    EXPECT_EQ(server.metrics, nullptr);
}

TEST(defaults, bound_what_a_connection_may_cost) {
    const net::connection_options connection;
    EXPECT_EQ(connection.write_timeout, 30s);
    EXPECT_EQ(connection.min_send_rate, 32 * kib);
    EXPECT_EQ(connection.output_limit, mib);
    EXPECT_EQ(connection.input_limit, 16 * mib);
    EXPECT_EQ(frame::codec_options{}.max_frame_length, 8 * mib);
}

TEST(defaults, of_a_service_turn_on_nothing_that_has_to_be_asked_for) {
    const service_options service;
    EXPECT_EQ(service.max_connections, 10'000U);
    EXPECT_EQ(service.max_connections_per_address, 0U);
    EXPECT_EQ(service.max_accepts_per_second, 0U);
    EXPECT_EQ(service.max_connection_age, 0s);
    EXPECT_EQ(service.user_timeout, 1min);
    EXPECT_EQ(service.drain_delay, 0s);
    EXPECT_EQ(service.takeover_timeout, 1min);
    EXPECT_EQ(service.takeover_path, "");
    EXPECT_FALSE(service.wire_traces);
    EXPECT_EQ(service.placement, placement::by_load);
    EXPECT_EQ(service.log_level, log_level::info);
}

}  // namespace
}  // namespace weir::inline v0
