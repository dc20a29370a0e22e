// Our client, for servers_test.py: `client_asks ENGINE HOST:PORT`. Reads one request a line from
// standard input, "METHOD TARGET BYTES HOW" with HOW one of whole, chunked, expect, and writes what
// came of it: "STATUS BYTES CHECKSUM", or the error, and how many connections were opened so far.
#include <array>
#include <cstdio>
#include <string>

#include "weir/http/client.hpp"
#include "weir/io/make_engine.hpp"
#include "weir/io/resolver.hpp"
#include "weir/io/runtime.hpp"
#include "weir/metrics/registry.hpp"
#include "weir/task/or_return.hpp"

namespace {

namespace http = weir::http;
using weir::or_return;
using weir::result;
using weir::task;

struct wish {
    std::string method;
    std::string target;
    std::size_t bytes = 0;
    std::string how;
};

// False at the end of the input. Blocks the loop, which has nothing else to do.
bool read_wish(wish& next) {
    std::array<char, 300> line;
    std::array<char, 100> method;
    std::array<char, 100> target;
    std::array<char, 100> how;
    if (std::fgets(line.data(), static_cast<int>(line.size()), stdin) == nullptr) return false;
    if (std::sscanf(line.data(), "%99s %99s %zu %99s", method.data(), target.data(), &next.bytes,
                    how.data()) != 4)
        return false;
    next.method = method.data();
    next.target = target.data();
    next.how = how.data();
    return true;
}

std::string body_of(std::size_t bytes) {
    std::string body(bytes, '\0');
    for (std::size_t at = 0; at < bytes; ++at) body[at] = static_cast<char>('a' + at % 26);
    return body;
}

task<result<http::client_response>> ask(http::client& client, wish asked) {
    const auto method = http::parse_method(asked.method);
    auto request = co_await or_return(http::client_request::make(method.value(), asked.target));
    if (asked.how == "expect") request.expect_continue();
    std::string body = body_of(asked.bytes);
    if (asked.how != "chunked") {
        request.set_body(std::move(body));
        co_return co_await client.send(request);
    }
    auto upload = co_await or_return(client.upload(request));
    const std::string_view whole = body;
    for (std::size_t at = 0; at < whole.size(); at += 5'000) {
        const auto written = co_await upload.write(weir::as_bytes(whole.substr(at, 5'000)));
        if (!written && written.error() == weir::errc::closed) break;
        if (!written) co_return weir::fail(written.error().clone());
    }
    co_return co_await upload.finish();
}

task<result<std::string>> told(http::client& client, wish asked) {
    auto response = co_await or_return(ask(client, std::move(asked)));
    std::size_t bytes = 0;
    unsigned sum = 0;
    for (;;) {
        const weir::bytes_view piece = co_await or_return(response.read());
        if (piece.empty()) break;
        bytes += piece.size();
        for (const std::byte each : piece) sum = sum * 31 + std::to_integer<unsigned>(each);
    }
    co_return std::to_string(http::code_of(response.status())) + " " + std::to_string(bytes) + " " +
        std::to_string(sum);
}

double opened(const weir::metrics::registry& registry) {
    double count = 0;
    for (const auto& family : registry.collect())
        if (family.name == "weir_http_client_connections_opened_total")
            for (const auto& sample : family.samples) count += sample.value;
    return count;
}

task<> serve_wishes(weir::io::loop& loop, weir::io::resolver& resolver, weir::net::host whom) {
    weir::metrics::registry registry{1};
    http::client_options options;
    options.hosts.push_back(std::move(whom));
    options.metrics = &registry;
    http::client client{loop, resolver, options};
    wish next;
    while (read_wish(next)) {
        wish asked = next;
        const auto answer = co_await told(client, std::move(asked));
        const std::string text = answer ? *answer : answer.error().message();
        std::printf("%s; %g\n", text.c_str(), opened(registry));
        std::fflush(stdout);
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    weir::io::runtime_options options;
    options.loops = 1;
    options.engine = weir::io::parse_engine_kind(argv[1]).value();
    weir::io::runtime runtime{options};
    weir::io::system_resolver resolver{runtime.blocking()};
    runtime.run(serve_wishes(runtime.at(0), resolver, *weir::net::host::parse(argv[2])));
    return 0;
}
