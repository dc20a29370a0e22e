#include "app/serve/program_options.hpp"

#include <algorithm>

#include "weir/frame/codec_options.hpp"
#include "weir/http/request.hpp"
#include "weir/io/slab.hpp"

namespace weir::app {

namespace {

io::engine_kind engine_of(engine_choice choice) noexcept {
    switch (choice) {
        case engine_choice::automatic:
            return io::engine_kind::automatic;
        case engine_choice::uring:
            return io::engine_kind::uring;
        case engine_choice::epoll:
            return io::engine_kind::epoll;
    }
    return io::engine_kind::automatic;
}

weir::log_level level_of(log_level level) noexcept {
    switch (level) {
        case log_level::debug:
            return weir::log_level::debug;
        case log_level::info:
            return weir::log_level::info;
        case log_level::warning:
            return weir::log_level::warning;
        case log_level::error:
            return weir::log_level::error;
        case log_level::off:
            return weir::log_level::off;
    }
    return weir::log_level::info;
}

// What moves to a larger place counts twice: three times the largest message is enough. 0, which is
// the library's own, where that is more.
std::size_t assembly_bytes_of(const config& read) noexcept {
    const std::size_t enough = 3 * read.limits.frame();
    return enough <= io::runtime_options{}.slabs * io::slab_size ? 0 : enough;
}

duration longest_call(const config& read) noexcept {
    duration longest = read.limits.request_timeout;
    for (const endpoint& each : read.endpoints) longest = std::max(longest, each.timeout);
    return longest;
}

}  // namespace

service_options service_options_of(const config& read) {
    service_options options;
    options.name = read.service.name;
    options.runtime.loops = static_cast<unsigned>(read.service.loops);
    options.runtime.engine = engine_of(read.service.engine);
    options.runtime.assembly_bytes = assembly_bytes_of(read);
    options.placement = read.service.placement == placement_choice::processor
                            ? placement::by_processor
                            : placement::by_load;
    // Each connection of the database that is in use holds a thread: the readers, the writer, and
    // one that rolls back.
    options.runtime.blocking.threads = static_cast<unsigned>(read.database.readers + 2);
    options.connections.input_limit =
        read.limits.frame() + frame::codec_options{}.length_field_length;
    options.connections.idle_timeout = read.limits.idle_timeout;
    options.max_connections = read.limits.max_connections;
    options.max_connections_per_address = read.limits.max_connections_per_address;
    options.max_accepts_per_second = read.limits.max_accepts_per_second;
    options.max_connection_age = read.limits.max_connection_age;
    options.user_timeout = read.limits.user_timeout;
    options.drain_delay = read.drain.delay;
    options.wire_traces = read.admin.wire_traces;
    options.drain_timeout = read.drain.timeout;
    options.takeover_path = read.service.takeover.string();
    options.log_level = level_of(read.log.level);
    return options;
}

http::server_options http_options_of(const config& read, service& service) {
    http::server_options options;
    options.limits.max_body_bytes = read.limits.body;
    // An endpoint's own timeout is for its statement; the body has come before.
    options.request_timeout = options.body_timeout + longest_call(read);
    options.metrics = &service.metrics();
    return options;
}

}  // namespace weir::app
