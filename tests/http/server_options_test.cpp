#include "weir/http/server_options.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

#include "weir/http/server.hpp"

namespace weir::inline v0::http {
namespace {

server made_of(const server_options& options) { return server{router{}, options}; }

TEST(server_options, are_refused_where_they_make_no_sense) {
    server_options options;
    options.limits.max_fields = limits::field_capacity + 1;
    EXPECT_THROW((void)made_of(options), std::invalid_argument);
    options.limits.max_fields = limits::field_capacity;
    EXPECT_NO_THROW((void)made_of(options));
    options.max_in_flight = 0;
    EXPECT_THROW((void)made_of(options), std::invalid_argument);
    options = {};
    options.wall_clock = nullptr;
    EXPECT_THROW((void)made_of(options), std::invalid_argument);
    options = {};
    options.limits.max_target_bytes = std::uint32_t{1} << 20U;
    EXPECT_THROW((void)made_of(options), std::invalid_argument);
}

}  // namespace
}  // namespace weir::inline v0::http
