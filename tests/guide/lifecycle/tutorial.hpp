// A connection as tutorials show it: a descriptor and a buffer. The tests beside this file break
// it.
#pragma once

#include <exception>
#include <string>
#include <string_view>

#include <sys/socket.h>
#include <unistd.h>

namespace guide::lifecycle {

class buffered_stream {
public:
    explicit buffered_stream(int fd) : fd_{fd} {}

    void write(std::string_view bytes) {
        buffer_ += bytes;
        if (buffer_.size() >= 4096) flush();
    }
    void flush() {
        (void)send(fd_, buffer_.data(), buffer_.size(), MSG_NOSIGNAL);
        buffer_.clear();
    }
    void close() { ::close(fd_); }

private:
    int fd_;
    std::string buffer_;
};

// What an accept loop does with each connection: a handler that throws must not end the loop.
inline void serve(int fd, void (*handler)(buffered_stream&)) {
    buffered_stream stream{fd};
    try {
        handler(stream);
        stream.close();
    } catch (const std::exception&) {
        return;  // and the tutorial logs it
    }
}

}  // namespace guide::lifecycle
