// Load for the benchmarks: one call over frames, over and over, on many connections, from one
// thread; each connection has DEPTH calls in flight, and starts one as another is answered.
//
//     calls PORT CONNECTIONS SECONDS DEPTH CALL PARAMS_JSON
//
// Latency counts from when a call was written to when its answer was read. Prints one JSON object.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "sockets.hpp"

namespace {

using clock = std::chrono::steady_clock;
using weir::bench::die;

struct settings {
    std::uint16_t port;
    std::size_t connections;
    double seconds;
    std::size_t depth;
    std::string call;
    std::string params;
};

struct peer {
    int fd = -1;
    std::string out;
    std::string in;
    std::vector<clock::time_point> began;  // by id
};

std::uint32_t length_at(std::string_view bytes) {
    std::array<unsigned char, 4> prefix{};
    std::memcpy(prefix.data(), bytes.data(), prefix.size());
    return static_cast<std::uint32_t>(prefix[0]) << 24U |
           static_cast<std::uint32_t>(prefix[1]) << 16U |
           static_cast<std::uint32_t>(prefix[2]) << 8U | static_cast<std::uint32_t>(prefix[3]);
}

std::string framed(const std::string& payload) {
    std::string frame;
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        frame += static_cast<char>(payload.size() >> shift & 0xFFU);
    return frame + payload;
}

class load {
public:
    explicit load(settings wanted) : settings_{std::move(wanted)}, epoll_{::epoll_create1(0)} {
        for (std::size_t at = 0; at < settings_.connections; ++at) {
            peer& made = peers_.emplace_back();
            made.fd = weir::bench::connect_to(settings_.port, epoll_, &made);
            made.began.resize(settings_.depth);
            made.out = framed(R"({"hello":{"protocol":"weir","version":1}})");
        }
    }

    void run() {
        const auto start = clock::now();
        const auto end = start + std::chrono::duration_cast<clock::duration>(
                                     std::chrono::duration<double>{settings_.seconds});
        for (peer& each : peers_) {
            for (std::size_t id = 0; id < settings_.depth; ++id) begin(each, id);
            flush(each);
        }
        std::array<epoll_event, 256> events{};
        while (clock::now() < end) {
            const int ready = ::epoll_wait(epoll_, events.data(), events.size(), 100);
            for (int at = 0; at < ready; ++at)
                receive(*static_cast<peer*>(events[static_cast<std::size_t>(at)].data.ptr));
        }
        print(std::chrono::duration<double>(clock::now() - start).count());
    }

private:
    void begin(peer& at, std::size_t id) {
        at.began[id] = clock::now();
        at.out += framed("{\"id\":" + std::to_string(id) + ",\"call\":\"" + settings_.call +
                         "\",\"params\":" + settings_.params + "}");
    }

    // What is in flight fits into the socket's buffer.
    static void flush(peer& to) {
        if (to.out.empty()) return;
        const auto sent = ::send(to.fd, to.out.data(), to.out.size(), MSG_NOSIGNAL);
        if (sent != static_cast<ssize_t>(to.out.size())) die("send");
        to.out.clear();
    }

    void receive(peer& from) {
        static std::array<char, 65536> buffer;
        const ssize_t got = ::recv(from.fd, buffer.data(), buffer.size(), 0);
        if (got <= 0) die("the server closed a connection");
        from.in.append(buffer.data(), static_cast<std::size_t>(got));
        std::string_view rest{from.in};
        while (rest.size() >= 4 && rest.size() - 4 >= length_at(rest)) {
            const std::size_t size = length_at(rest);
            take(from, rest.substr(4, size));
            rest.remove_prefix(4 + size);
        }
        from.in.erase(0, from.in.size() - rest.size());
        flush(from);
    }

    void take(peer& from, std::string_view answer) {
        constexpr std::string_view before = "{\"id\":";
        if (answer.starts_with("{\"hello\":")) return;
        if (!answer.starts_with(before)) die("an answer without an id");
        const std::size_t id = std::strtoul(answer.data() + before.size(), nullptr, 10);
        if (answer.find("\"error\"") != std::string_view::npos) ++errors_;
        latencies_.push_back(
            std::chrono::duration<double, std::micro>(clock::now() - from.began.at(id)).count());
        begin(from, id);
    }

    double percentile(double of_hundred) {
        if (latencies_.empty()) return 0;
        const auto at = static_cast<std::ptrdiff_t>(static_cast<double>(latencies_.size() - 1) *
                                                    of_hundred / 100);
        std::nth_element(latencies_.begin(), latencies_.begin() + at, latencies_.end());
        return latencies_[static_cast<std::size_t>(at)];
    }

    void print(double seconds) {
        std::printf(
            "{\"answers\": %zu, \"errors\": %zu, \"seconds\": %.3f, \"p50_us\": %.1f, "
            "\"p99_us\": %.1f}\n",
            latencies_.size(), errors_, seconds, percentile(50), percentile(99));
    }

    settings settings_;
    int epoll_;
    std::deque<peer> peers_;
    std::vector<double> latencies_;
    std::size_t errors_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 7) {
        std::fprintf(stderr, "usage: calls PORT CONNECTIONS SECONDS DEPTH CALL PARAMS_JSON\n");
        return 2;
    }
    load{settings{static_cast<std::uint16_t>(std::atoi(argv[1])),
                  std::strtoul(argv[2], nullptr, 10), std::atof(argv[3]),
                  std::strtoul(argv[4], nullptr, 10), argv[5], argv[6]}}
        .run();
}
