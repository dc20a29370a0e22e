// Bytes that come in two parts, and the frames that are made of them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "weir/frame/frame_view.hpp"
#include "weir/net/connection.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"

#include "io/transport_ops.hpp"

namespace weir::inline v0::frame {

// Sends text in two parts, the second one after the first has arrived.
inline task<result<>> send_split(io::transport& to, const net::connection& at, std::string text,
                                 std::size_t split) {
    const std::size_t before = at.received_bytes();
    if (split > 0) co_await or_return(io::send_text(to, text.substr(0, split)));
    while (at.received_bytes() < before + split) co_await sleep(std::chrono::milliseconds{1});
    co_return co_await io::send_text(to, text.substr(split));
}

template <class Framed>
task<result<std::vector<std::string>>> take(Framed& from, std::size_t count) {
    std::vector<std::string> taken;
    while (taken.size() < count) {
        const frame_view frame = co_await or_return(from.next());
        taken.emplace_back(frame.text());
    }
    co_return taken;
}

}  // namespace weir::inline v0::frame
