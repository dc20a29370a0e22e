// Two readers of messages as tutorials show them. The tests beside this file break both.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace guide::parsing {

// One read is one message: true of the tutorial's client on the tutorial's machine.
class one_read_one_message {
public:
    // False where the stream is refused.
    bool arrives(std::string_view bytes) {
        messages.emplace_back(bytes.substr(0, 1024));
        return true;
    }
    bool ends() const { return true; }
    std::size_t held() const { return 0; }

    std::vector<std::string> messages;
};

// A length, then so many bytes. "Not enough" is its only answer, whatever the length says.
class length_then_bytes {
public:
    bool arrives(std::string_view bytes) {
        buffer_ += bytes;
        while (buffer_.size() >= 4) {
            std::uint32_t length = 0;
            for (std::size_t i = 0; i < 4; ++i)
                length = length << 8U | static_cast<std::uint8_t>(buffer_[i]);
            if (buffer_.size() - 4 < length) return true;
            messages.push_back(buffer_.substr(4, length));
            buffer_.erase(0, 4 + std::size_t{length});
        }
        return true;
    }
    bool ends() const { return true; }
    std::size_t held() const { return buffer_.size(); }

    std::vector<std::string> messages;

private:
    std::string buffer_;
};

}  // namespace guide::parsing
