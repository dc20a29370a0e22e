// What the tests have in common of requests whose bodies are written while their responses are
// read.
#pragma once

#include <string>
#include <string_view>

#include "http/one_chunk.hpp"
#include "http/server_end.hpp"

namespace weir::inline v0::http {

inline constexpr std::string_view chunked_head =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

// How the peer's connection ended, and what it had heard by then.
struct account {
    std::string heard;
    errc ended{};
};

inline task<result<>> answers_and_listens(client_stage& stage, std::string text, account& of) {
    auto peer = co_await or_return(stage.take());
    co_await or_return(peer->hear_head());
    co_await or_return(peer->say(std::move(text)));
    net::connection& connection = peer->connection();
    while (of.ended == errc{}) {
        const auto more = co_await connection.fill();
        of.heard += as_text(connection.input());
        connection.consume(connection.input().size());
        if (!more) of.ended = more.error().code();
    }
    co_return {};
}

}  // namespace weir::inline v0::http
