#include "takeover.hpp"

#include <utility>

#include "takeover_channel.hpp"
#include "takeover_text.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;

// The predecessor does nothing but answer.
constexpr duration take_over_patience = 10s;

error nothing_given(error why) {
    return error{why.code(), "the predecessor gives nothing"}.because(std::move(why));
}

error not_handed_over(error why) {
    return error{errc::unavailable, "the predecessor does not hand over"}.because(std::move(why));
}

}  // namespace

result<takeover> takeover::ask(const std::string& path) {
    takeover made;
    auto connected = io::connect_local(io::endpoint::unix_path(path));
    if (!connected) return std::unexpected{std::move(connected).error()};
    made.predecessor_ = std::move(*connected);
    auto peer = permitted_peer(made.predecessor_);
    if (!peer) return std::unexpected{std::move(peer).error()};
    auto message = io::receive_sockets(made.predecessor_, take_over_patience);
    if (!message) return fail(nothing_given(std::move(message).error()));
    auto offer = parse_offer(message->text);
    if (!offer) return fail(nothing_given(std::move(offer).error()));
    if (offer->kept.size() != message->sockets.size()) {
        return fail(nothing_given(error{errc::malformed, "it sent other sockets than it says"}));
    }
    for (std::size_t i = 0; i < offer->kept.size(); ++i) message->sockets[i].kept = offer->kept[i];
    made.sockets_ = std::move(message->sockets);
    made.watched_by_ = std::move(offer->watched_by);
    return made;
}

task<result<>> takeover::confirm(io::loop& loop, std::vector<std::size_t> taken,
                                 const net::connection_options* options) {
    net::connection connection{loop.engine().adopt(std::move(predecessor_)), loop, *options};
    connection.set_read_deadline(loop.now() + take_over_patience);
    connection.write(as_bytes(ready_line(taken)));
    auto sent = co_await connection.flush();
    if (!sent) co_return fail(not_handed_over(std::move(sent).error()));
    auto answer = co_await read_takeover_line(connection);
    if (!answer) co_return fail(not_handed_over(std::move(answer).error()));
    if (*answer != handed_over_line) co_return fail(not_handed_over(errc::malformed));
    co_return {};
}

}  // namespace weir::inline v0
