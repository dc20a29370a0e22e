// Uploads of up to a tebibyte, a frame each, in the memory of one receive: a frame is taken in
// pieces as it comes, and answered with its length and checksum.
#include <algorithm>
#include <cstdint>
#include <string>

#include "weir/frame/framed.hpp"
#include "weir/service/service.hpp"

namespace frame = weir::frame;

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

weir::task<> take_uploads(weir::net::connection& connection) {
    frame::codec_options protocol;
    protocol.length_field_length = 8;
    protocol.max_frame_length = std::size_t{1} << 40U;
    frame::framed uploads{connection, protocol};
    for (;;) {
        adler32 sum;
        std::uint64_t size = 0;
        do {
            // A peer is not read faster than its pieces are asked for.
            auto piece = co_await uploads.next_piece();
            if (!piece) co_return;
            sum.add(piece->bytes());
            size += piece->size();
        } while (uploads.left() > 0);
        const std::string answer = std::to_string(size) + " " + std::to_string(sum.value());
        auto sent = co_await uploads.send(weir::as_bytes(answer));
        if (!sent) co_return;
    }
}

// example_uploads [FRAMES ADMIN]: where to listen.
int main(int argc, char** argv) {
    weir::service service;
    service.listen(argc > 1 ? argv[1] : "127.0.0.1:9000", take_uploads, "uploads");
    service.admin(argc > 2 ? argv[2] : "127.0.0.1:8081");
    return service.run();
}
