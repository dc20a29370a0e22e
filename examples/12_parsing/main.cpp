// Readings, a frame each: "NAME VALUE". They are read where they were received: no copy, no
// allocation, whatever the network made of the stream.
#include <charconv>
#include <optional>
#include <string_view>

#include "weir/frame/framed.hpp"
#include "weir/service/service.hpp"

namespace frame = weir::frame;
namespace metrics = weir::metrics;
using namespace std::chrono_literals;

// The value of a reading; nothing where it is none. A view in, a number out.
std::optional<double> value_of(std::string_view reading) {
    const std::size_t space = reading.find(' ');
    if (space == 0 || space == std::string_view::npos) return std::nullopt;
    const char* const end = reading.data() + reading.size();
    double value = 0;
    const auto read = std::from_chars(reading.data() + space + 1, end, value);
    if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    return value;
}

class readings {
public:
    explicit readings(metrics::registry& registry)
        : taken_{registry.counter("readings_total", "Readings taken.")},
          refused_{registry.counter("readings_refused_total", "Frames that are no reading.")},
          streams_{registry.counter_family("readings_streams_total",
                                           "Streams that have ended, by how.", {"reason"})} {
        protocol_.max_frame_length = 1024;  // the limit: refused when its length is read
        patience_.frame_timeout = 2s;       // the deadline: of a frame, from its first byte
    }

    weir::task<> take(weir::net::connection& connection) const {
        frame::framed frames{connection, protocol_, patience_};
        for (;;) {
            auto reading = co_await frames.next();
            if (!reading) {
                // Incomplete at its end, too large, too slow, reset: each has its name.
                streams_.with({to_string(reading.error().code())}).add();
                co_return;
            }
            const bool good = value_of(reading->text()).has_value();
            (good ? taken_ : refused_).add();
            auto sent = co_await frames.send(weir::as_bytes(good ? "ok" : "no reading"));
            if (!sent) co_return;
        }
    }

private:
    frame::codec_options protocol_;
    frame::framed_options patience_;
    metrics::counter taken_;
    metrics::counter refused_;
    metrics::family<metrics::counter> streams_;
};

// example_parsing [FRAMES ADMIN]: where to listen.
int main(int argc, char** argv) {
    weir::service service;
    const readings readings{service.metrics()};
    service.listen(
        argc > 1 ? argv[1] : "127.0.0.1:9000",
        [&](weir::net::connection& connection) { return readings.take(connection); }, "readings");
    service.admin(argc > 2 ? argv[2] : "127.0.0.1:8081");
    return service.run();
}
