// A peer that blocks, on a thread of the test's own: what other people's programs are like. Every
// wait of it ends after ten seconds.
#pragma once

#include <string>
#include <string_view>

#include "weir/base/unique_fd.hpp"
#include "weir/io/endpoint.hpp"

namespace weir::test {

class blocking_client {
public:
    static constexpr std::size_t at_once = 65536;

    // Not connected where nobody listens.
    explicit blocking_client(const io::endpoint& to);

    bool connected() const noexcept { return static_cast<bool>(fd_); }
    bool send(std::string_view bytes);
    // What comes next, at most so many bytes, for which there is room at once; empty at the end of
    // the stream, after a reset, or when the ten seconds are over.
    std::string receive(std::size_t most = at_once);
    // Exactly so many bytes, or fewer where the stream ends before.
    std::string receive_exactly(std::size_t size);
    std::string receive_all();
    void shutdown();
    void close() { fd_.reset(); }
    // Closes so that the other side gets a reset.
    void reset();
    int fd() const noexcept { return fd_.get(); }

private:
    unique_fd fd_;
};

}  // namespace weir::test
