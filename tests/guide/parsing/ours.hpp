// The same reader on frame::codec. (frame::framed is this over a connection, without the copies
// that the tests need.)
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weir/frame/codec.hpp"

namespace guide::parsing {

class on_the_codec {
public:
    bool arrives(std::string_view bytes) {
        buffer_ += bytes;
        for (std::string_view rest = buffer_;;) {
            const auto found = codec_.decode(weir::as_bytes(rest));
            if (found.is_refused()) return false;
            if (found.is_incomplete()) return keep(rest);
            messages.emplace_back(weir::as_text(found.payload()));
            rest.remove_prefix(found.consumed());
        }
    }
    bool ends() const {
        return codec_.at_end(weir::as_bytes(buffer_)) == weir::frame::ending::clean;
    }
    std::size_t held() const { return buffer_.size(); }

    std::vector<std::string> messages;

private:
    bool keep(std::string_view rest) {
        buffer_.erase(0, buffer_.size() - rest.size());
        return true;
    }

    weir::frame::codec codec_{{.max_frame_length = 1024}};
    std::string buffer_;
};

}  // namespace guide::parsing
