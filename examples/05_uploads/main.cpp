// Uploads of up to 16 GiB, a frame each, in the memory of one receive: a frame is taken in pieces
// as it comes, no slower than 64 KiB a second, and answered with its length and checksum.
#include <algorithm>
#include <cstdint>
#include <string>

#include "weir/frame/framed.hpp"
#include "weir/service/service.hpp"

namespace frame = weir::frame;
namespace metrics = weir::metrics;
using namespace std::chrono_literals;

// RFC 1950.
class adler32 {
public:
    void add(weir::bytes_view bytes) {
        while (!bytes.empty()) {
            // So many before a sum could overflow.
            const weir::bytes_view part = bytes.first(std::min<std::size_t>(bytes.size(), 5552));
            for (const std::byte each : part) {
                low_ += std::to_integer<std::uint32_t>(each);
                high_ += low_;
            }
            low_ %= base;
            high_ %= base;
            bytes = bytes.subspan(part.size());
        }
    }
    std::uint32_t value() const { return high_ << 16U | low_; }

private:
    static constexpr std::uint32_t base = 65'521;
    std::uint32_t low_ = 1;
    std::uint32_t high_ = 0;
};

class uploads {
public:
    explicit uploads(metrics::registry& registry)
        : taken_{registry.counter("uploads_total", "Uploads that came whole.")},
          bytes_{registry.counter("uploads_bytes_total", "Bytes of uploads, whole or not.")} {}

    weir::task<> serve(weir::net::connection& connection) const {
        frame::codec_options protocol;
        protocol.length_field_length = 8;
        protocol.max_frame_length = std::size_t{16} << 30U;
        frame::framed_options pace;
        pace.frame_timeout = 5s;  // the rate holds in each such window of waiting
        pace.min_piece_rate = std::uint64_t{64} << 10U;
        frame::framed frames{connection, protocol, pace};
        for (;;) {
            adler32 sum;
            std::uint64_t size = 0;
            do {
                // A peer is not read faster than its pieces are asked for.
                auto piece = co_await frames.next_piece();
                if (!piece) co_return;
                bytes_.add(piece->size());
                sum.add(piece->bytes());
                size += piece->size();
            } while (frames.left() > 0);
            taken_.add();
            const std::string answer = std::to_string(size) + " " + std::to_string(sum.value());
            auto sent = co_await frames.send(weir::as_bytes(answer));
            if (!sent) co_return;
        }
    }

private:
    metrics::counter taken_;
    metrics::counter bytes_;
};

// example_uploads [FRAMES ADMIN]: where to listen.
int main(int argc, char** argv) {
    weir::service service;
    const uploads uploads{service.metrics()};
    service.listen(
        argc > 1 ? argv[1] : "127.0.0.1:9000",
        [&](weir::net::connection& connection) { return uploads.serve(connection); }, "uploads");
    service.admin(argc > 2 ? argv[2] : "127.0.0.1:8081");
    return service.run();
}
