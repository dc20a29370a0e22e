// What reading a browser's request costs, whole in the buffer: here with all framing checks and the
// end of the message, and by two parsers that many services use, where they are installed.
//
// Each must hand over method, target and every field, as a service needs them: http_parser by its
// callbacks, into views; Beast's parser into a message whose fields can be looked up, as here, and
// its base by callbacks into nothing, which is not charged for the container.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <span>
#include <string>
#include <string_view>

#include <benchmark/benchmark.h>

#include "weir/http/request_machine.hpp"

#if defined(WEIR_HAS_HTTP_PARSER)
#include <http_parser.h>
#endif
#if __has_include(<boost/beast/http/basic_parser.hpp>)
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#endif

namespace {

// 10 fields in 743 bytes, as Chromium sends them.
constexpr std::string_view request =
    "GET /vendors/080030?limit=20&from=dashboard HTTP/1.1\r\n"
    "Host: network.example.com:8080\r\n"
    "Connection: keep-alive\r\n"
    "Cache-Control: max-age=0\r\n"
    "Upgrade-Insecure-Requests: 1\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
    "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7\r\n"
    "Referer: http://network.example.com:8080/dashboard/devices?sort=last_seen\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Accept-Language: en-GB,en;q=0.9,de-DE;q=0.8,de;q=0.7,en-US;q=0.6\r\n"
    "Cookie: session=3f786850e387550fdab836ed7e6dc881de23001b; theme=dark; "
    "consent=necessary%2Cstatistics; columns=mac%2Cvendor%2Cplace\r\n"
    "\r\n";
constexpr std::size_t field_count = 10;

void check(bool holds) {
    if (!holds) std::abort();
}

void report(benchmark::State& state) {
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(request.size()));
}

// These requests in turn.
void parse_weir(benchmark::State& state, const std::array<std::string_view, 2>& requests) {
    const weir::http::limits limits;
    weir::http::request_machine machine{limits};
    weir::http::request_head head;
    std::size_t turn = 0;
    for ([[maybe_unused]] auto _ : state) {
        const auto bytes = std::as_bytes(std::span{requests[turn ^= 1U]});
        benchmark::DoNotOptimize(bytes.data());
        const auto step = machine.next(bytes, head);
        benchmark::ClobberMemory();
        check(step.what == weir::http::action::kind::head && head.fields().size() == field_count);
        check(machine.next({}, head).what == weir::http::action::kind::end);
    }
    report(state);
}

// Fields are not parsed again where they are the last request's: here they differ, late.
void parse_request_weir(benchmark::State& state) {
    std::string other{request};
    other[other.size() - 5] = 'x';
    parse_weir(state, {request, other});
}

BENCHMARK(parse_request_weir);

void parse_repeated_request_weir(benchmark::State& state) { parse_weir(state, {request, request}); }

BENCHMARK(parse_repeated_request_weir);

#if defined(WEIR_HAS_HTTP_PARSER)

struct collected {
    std::string_view target;
    std::array<std::string_view, 32> names;
    std::array<std::string_view, 32> values;
    std::size_t fields = 0;
    bool complete = false;
};

collected& of(http_parser* parser) { return *static_cast<collected*>(parser->data); }

void parse_request_http_parser(benchmark::State& state) {
    http_parser_settings settings;
    http_parser_settings_init(&settings);
    settings.on_url = [](http_parser* parser, const char* at, std::size_t size) {
        of(parser).target = {at, size};
        return 0;
    };
    settings.on_header_field = [](http_parser* parser, const char* at, std::size_t size) {
        of(parser).names[of(parser).fields] = {at, size};
        return 0;
    };
    settings.on_header_value = [](http_parser* parser, const char* at, std::size_t size) {
        of(parser).values[of(parser).fields++] = {at, size};
        return 0;
    };
    settings.on_message_complete = [](http_parser* parser) {
        of(parser).complete = true;
        return 0;
    };
    for ([[maybe_unused]] auto _ : state) {
        http_parser parser;
        http_parser_init(&parser, HTTP_REQUEST);
        collected found;
        parser.data = &found;
        benchmark::DoNotOptimize(request.data());
        const auto used = http_parser_execute(&parser, &settings, request.data(), request.size());
        benchmark::DoNotOptimize(found);
        check(used == request.size() && found.complete && found.fields == field_count);
    }
    report(state);
}
BENCHMARK(parse_request_http_parser);

#endif
#if __has_include(<boost/beast/http/basic_parser.hpp>)

namespace beast = boost::beast;
using beast::error_code;

class counting_parser final : public beast::http::basic_parser<true> {
public:
    std::size_t fields = 0;

private:
    using view = beast::string_view;

    void on_request_impl(beast::http::verb, view, view target, int, error_code&) override {
        benchmark::DoNotOptimize(target.data());
    }
    void on_response_impl(int, view, int, error_code&) override {}
    void on_field_impl(beast::http::field, view name, view value, error_code&) override {
        benchmark::DoNotOptimize(name.data());
        benchmark::DoNotOptimize(value.data());
        ++fields;
    }
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(view body, error_code&) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, view body, error_code&) override {
        return body.size();
    }
    void on_finish_impl(error_code&) override {}
};

void parse_request_beast(benchmark::State& state) {
    for ([[maybe_unused]] auto _ : state) {
        beast::http::request_parser<beast::http::empty_body> parser;
        error_code failed;
        benchmark::DoNotOptimize(request.data());
        const auto used = parser.put(boost::asio::buffer(request.data(), request.size()), failed);
        check(!failed && used == request.size() && parser.is_done());
        const auto& fields = parser.get().base();
        check(std::distance(fields.begin(), fields.end()) == std::ptrdiff_t{field_count});
    }
    report(state);
}
BENCHMARK(parse_request_beast);

void parse_request_beast_callbacks(benchmark::State& state) {
    for ([[maybe_unused]] auto _ : state) {
        counting_parser parser;
        error_code failed;
        benchmark::DoNotOptimize(request.data());
        const auto used = parser.put(boost::asio::buffer(request.data(), request.size()), failed);
        check(!failed && used == request.size() && parser.is_done());
        check(parser.fields == field_count);
    }
    report(state);
}
BENCHMARK(parse_request_beast_callbacks);

#endif

}  // namespace
