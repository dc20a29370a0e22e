// Where listeners come from: sockets that listened before this process did, or else new ones.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "weir/base/result.hpp"
#include "weir/io/engine.hpp"

namespace weir::inline v0 {

class listener_provider {
public:
    enum class origin : std::uint8_t { manager, predecessor };

    void inherit(std::vector<io::listening_socket> sockets, origin from);
    bool has(const io::endpoint& at) const noexcept;

    // The socket that was inherited for this very address, once; a new one where there is none.
    // Port 0 is always a new one.
    result<std::unique_ptr<io::listener>> open(io::engine& engine, const io::endpoint& at,
                                               const io::listen_options& options);
    // What a manager keeps, whoever passed it on, and is at none of these addresses is
    // errc::invalid_argument: its clients would never be answered. What is a predecessor's own is
    // left to it.
    result<> check(std::span<const io::endpoint> wanted) const;
    // When all have been opened: the same of those that are left.
    result<> close_unwanted();
    // Which of the predecessor's sockets were opened, by their places among them.
    const std::vector<std::size_t>& taken_over() const noexcept { return taken_over_; }

private:
    struct inherited {
        io::listening_socket socket;
        origin from;
        std::size_t place;
    };

    std::vector<inherited> inherited_;
    std::vector<std::size_t> taken_over_;
};

}  // namespace weir::inline v0
