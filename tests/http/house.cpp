#include "http/house.hpp"

#include <algorithm>
#include <cctype>

#include "weir/io/memory_pair.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/when_all.hpp"

namespace weir::inline v0::http {
namespace {

using namespace std::chrono_literals;

std::string lower(std::string_view text) {
    std::string copy{text};
    std::ranges::transform(copy, copy.begin(), [](unsigned char c) { return std::tolower(c); });
    return copy;
}

std::string_view take_line(std::string_view& text) {
    const std::size_t end = text.find("\r\n");
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
    return line;
}

}  // namespace

std::vector<reply> replies_in(std::string_view text, std::vector<bool> asked_head) {
    std::vector<reply> replies;
    asked_head.resize(std::max<std::size_t>(asked_head.size(), 100'000));
    while (!text.empty()) {
        reply next;
        const std::string_view first = take_line(text);
        if (!first.starts_with("HTTP/1.1 ") || first.size() < 12) {
            ADD_FAILURE() << "no status line: " << first;
            return replies;
        }
        next.status = std::stoi(std::string{first.substr(9, 3)});
        for (auto line = take_line(text); !line.empty(); line = take_line(text)) {
            const std::size_t colon = line.find(": ");
            EXPECT_NE(colon, std::string_view::npos) << line;
            next.fields[lower(line.substr(0, colon))] = line.substr(colon + 2);
        }
        const auto length = next.fields.find("content-length");
        if (length != next.fields.end() && !asked_head[replies.size()]) {
            const std::size_t size = std::stoul(length->second);
            EXPECT_GE(text.size(), size) << "the body ends early";
            next.body = text.substr(0, size);
            text.remove_prefix(std::min(size, text.size()));
        }
        replies.push_back(std::move(next));
    }
    return replies;
}

std::vector<std::string> house_names() { return {"uring", "epoll", "sim", "sim_far", "memory"}; }

house::house(const std::string& name, std::size_t slabs)
    : world_{name == "memory" ? "sim" : name, slabs}, memory_{name == "memory"} {}

task<result<io::link>> house::make_link() {
    if (!memory_) co_return co_await world_.make_link();
    auto [near, far] = io::make_memory_pair(loop().scheduler(), loop().slabs());
    co_return io::link{std::move(near), std::move(far)};
}

task<result<>> house::serve(std::unique_ptr<io::transport> far, server server) {
    net::connection connection{std::move(far), loop(), connections};
    co_await server(connection);
    co_await connection.close();
    co_return {};
}

namespace {

task<result<>> talk(std::unique_ptr<io::transport> near, house::client client) {
    co_return co_await client(*near);
}

}  // namespace

task<result<>> house::both(server server, client client) {
    auto [near, far] = co_await or_return(make_link());
    auto [served, talked] = co_await when_all(serve(std::move(far), std::move(server)),
                                              talk(std::move(near), std::move(client)));
    co_await or_return(std::move(served));
    co_return std::move(talked);
}

void house::converse(const server& server, const client& client) { run(both(server, client)); }

namespace {

enum class ending : std::uint8_t { half_closes, stays };

task<result<>> whole(io::transport& near, std::string_view sent, ending how, std::string& got) {
    co_await or_return(send(near, sent));
    if (how == ending::half_closes) near.shutdown();
    got = co_await or_return(receive_rest(near));
    co_return {};
}

task<result<>> byte_by_byte(io::transport& near, std::string_view sent, std::string& got) {
    for (const char& c : sent) {
        const std::string_view next{&c, 1};
        co_await or_return(send(near, next));
        co_await or_return(sleep(1ms));
    }
    near.shutdown();
    got = co_await or_return(receive_rest(near));
    co_return {};
}

}  // namespace

std::string house::ask(const server& server, std::string_view sent) {
    std::string got;
    converse(server,
             [&](io::transport& near) { return whole(near, sent, ending::half_closes, got); });
    return got;
}

std::string house::ask_and_stay(const server& server, std::string_view sent) {
    std::string got;
    converse(server, [&](io::transport& near) { return whole(near, sent, ending::stays, got); });
    return got;
}

std::string house::ask_slowly(const server& server, std::string_view sent) {
    std::string got;
    converse(server, [&](io::transport& near) { return byte_by_byte(near, sent, got); });
    return got;
}

task<result<>> send(io::transport& near, std::string_view text) {
    return io::send_text(near, std::string{text});
}

task<result<std::string>> receive_rest(io::transport& near) {
    std::string text;
    for (;;) {
        const auto next = co_await io::receive_chunk{near};
        if (next) {
            text += next->text();
        } else if (next.error() == errc::end_of_stream) {
            co_return text;
        } else {
            co_return fail(next.error().code());
        }
    }
}

task<result<reply>> receive_reply(io::transport& near) {
    std::string text;
    std::byte next{};
    const bytes_span place{&next, 1};
    while (!text.ends_with("\r\n\r\n")) {
        co_await or_return(io::receive_into{near, place});
        text += static_cast<char>(next);
    }
    const std::size_t at = text.find("Content-Length: ");
    const std::size_t length =
        at == std::string::npos ? 0 : std::stoul(text.substr(at + sizeof "Content-Length: " - 1));
    for (std::size_t i = 0; i < length; ++i) {
        co_await or_return(io::receive_into{near, place});
        text += static_cast<char>(next);
    }
    auto replies = replies_in(text);
    co_return std::move(replies.at(0));
}

response hello(request&) { return text("hello"); }

task<result<response>> echo(request& request) {
    const bytes_view body = co_await or_return(request.read_body());
    co_return text(std::string{as_text(body)});
}

std::string get(std::string_view target, std::string_view more_fields) {
    std::string text = "GET ";
    text.append(target).append(" HTTP/1.1\r\nHost: house\r\n").append(more_fields);
    return text + "\r\n";
}

std::string post(std::string_view target, std::string_view body, std::string_view more_fields) {
    std::string text = "POST ";
    text.append(target).append(" HTTP/1.1\r\nHost: house\r\n").append(more_fields);
    text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n");
    return text.append(body);
}

}  // namespace weir::inline v0::http
