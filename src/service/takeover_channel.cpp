#include "takeover_channel.hpp"

namespace weir::inline v0 {

result<io::local_peer> permitted_peer(const io::native_socket& socket) {
    auto peer = io::peer_of(socket);
    if (peer && peer->user != io::own_user() && peer->user != 0) {
        return fail(errc::permission_denied,
                    "process " + std::to_string(peer->process) + " is another user's");
    }
    return peer;
}

task<result<std::string>> read_takeover_line(net::connection& from) {
    for (;;) {
        const std::string_view input = as_text(from.input());
        if (const auto end = input.find('\n'); end != std::string_view::npos) {
            std::string line{input.substr(0, end)};
            from.consume(end + 1);
            co_return line;
        }
        if (input.size() > io::longest_local_message) {
            co_return fail(errc::malformed, "its line does not end");
        }
        auto more = co_await from.fill();
        if (!more) co_return std::unexpected{std::move(more).error()};
    }
}

}  // namespace weir::inline v0
