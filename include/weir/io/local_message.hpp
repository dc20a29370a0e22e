// Messages between processes of one machine, over unix sockets: what a transport cannot carry.
//
// Open sockets travel with the text of a message. Only receive_sockets() waits, and blocks its
// thread: it is for a program that starts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/api.hpp"
#include "weir/base/clock.hpp"
#include "weir/base/result.hpp"
#include "weir/io/endpoint.hpp"
#include "weir/io/listening_socket.hpp"
#include "weir/io/native_socket.hpp"

namespace weir::inline v0::io {

// The most that one message has.
inline constexpr std::size_t most_sockets = 128;
inline constexpr std::size_t longest_local_message = 4096;

struct local_peer {
    local_peer() = default;
    int process = 0;
    std::uint32_t user = 0;
};

// Who connected, or listened when this connected, as the kernel saw it then.
WEIR_API result<local_peer> peer_of(const native_socket& socket);
WEIR_API std::uint32_t own_user() noexcept;

// At once: errc::refused where nobody listens, errc::overloaded where too many wait already.
WEIR_API result<native_socket> connect_local(const endpoint& to);

// At once, whole or not at all. Both bounds hold: errc::too_large.
WEIR_API result<> send_sockets(const native_socket& through, std::string_view text,
                               std::span<const listening_socket> sockets);

struct message_with_sockets {
    message_with_sockets() = default;
    std::string text;
    std::vector<listening_socket> sockets;
};

// A message whose text ends with an empty line. Errors: timed_out; end_of_stream before that line;
// too_large, over the bounds; invalid_argument: what came with it does not listen.
WEIR_API result<message_with_sockets> receive_sockets(const native_socket& from, duration patience);

// To a datagram socket's path, or to its abstract name, "@...". At once: errc::unavailable where
// there is no room now.
WEIR_API result<> send_datagram(std::string_view to, std::string_view text);

}  // namespace weir::inline v0::io
