// Load for the benchmarks: one message over and over, on many connections, from one thread.
//
//     load PORT CONNECTIONS SECONDS RATE DEPTH REQUEST_FILE RESPONSE_BYTES
//
// RATE 0 sends the next batch of DEPTH messages as soon as the last is answered (the server is
// saturated). Otherwise batches start at a constant rate of RATE messages a second over all
// connections, and latency counts from when a batch was to start. Prints one JSON object.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "sockets.hpp"

namespace {

using weir::bench::die;

using clock = std::chrono::steady_clock;

struct settings {
    std::uint16_t port;
    std::size_t connections;
    double seconds;
    double rate;
    std::size_t depth;
    std::string batch;
    std::size_t answer_bytes;
};

struct peer {
    int fd = -1;
    std::size_t awaited = 0;  // bytes of the batch's answers that are still to come
    clock::time_point began;
};

class load {
public:
    explicit load(settings wanted) : settings_{std::move(wanted)}, epoll_{::epoll_create1(0)} {
        for (std::size_t i = 0; i < settings_.connections; ++i) connect();
    }

    void run() {
        start_ = next_ = clock::now();
        const auto end = start_ + std::chrono::duration_cast<clock::duration>(
                                      std::chrono::duration<double>{settings_.seconds});
        for (peer& each : peers_) idle_.push_back(&each);
        while (clock::now() < end) {
            send_due();
            take_answers();
        }
        print(std::chrono::duration<double>(clock::now() - start_).count());
    }

private:
    void connect() {
        peer& made = peers_.emplace_back();
        made.fd = weir::bench::connect_to(settings_.port, epoll_, &made);
    }

    void send_due() {
        const auto now = clock::now();
        const std::chrono::duration<double> gap{
            settings_.rate > 0 ? static_cast<double>(settings_.depth) / settings_.rate : 0};
        while (!idle_.empty() && (settings_.rate == 0 || next_ <= now)) {
            peer& to = *idle_.front();
            idle_.pop_front();
            to.began = settings_.rate > 0 ? next_ : now;
            next_ += std::chrono::duration_cast<clock::duration>(gap);
            to.awaited = settings_.answer_bytes * settings_.depth;
            const auto sent =
                ::send(to.fd, settings_.batch.data(), settings_.batch.size(), MSG_NOSIGNAL);
            if (sent != static_cast<ssize_t>(settings_.batch.size())) die("send");
        }
    }

    void take_answers() {
        std::array<epoll_event, 256> events{};
        // A constant rate spins between batches: this core is the load's alone.
        const int ready =
            ::epoll_wait(epoll_, events.data(), events.size(), settings_.rate > 0 ? 0 : 100);
        for (int i = 0; i < ready; ++i) {
            receive(*static_cast<peer*>(events[static_cast<std::size_t>(i)].data.ptr));
        }
    }

    void receive(peer& from) {
        static std::array<char, 65536> buffer;
        const ssize_t got = ::recv(from.fd, buffer.data(), buffer.size(), 0);
        if (got <= 0) die("the server closed a connection");
        if (static_cast<std::size_t>(got) > from.awaited) {
            std::fprintf(stderr, "more bytes than the answers have\n");
            std::exit(1);
        }
        from.awaited -= static_cast<std::size_t>(got);
        if (from.awaited > 0) return;
        latencies_.push_back(
            std::chrono::duration<double, std::micro>(clock::now() - from.began).count());
        idle_.push_back(&from);
    }

    double percentile(double of_hundred) {
        if (latencies_.empty()) return 0;
        const auto at = static_cast<std::ptrdiff_t>(static_cast<double>(latencies_.size() - 1) *
                                                    of_hundred / 100);
        std::nth_element(latencies_.begin(), latencies_.begin() + at, latencies_.end());
        return latencies_[static_cast<std::size_t>(at)];
    }

    void print(double seconds) {
        const std::size_t messages = latencies_.size() * settings_.depth;
        std::printf("{\"messages\": %zu, \"seconds\": %.3f, \"p50_us\": %.1f, \"p99_us\": %.1f}\n",
                    messages, seconds, percentile(50), percentile(99));
    }

    settings settings_;
    int epoll_;
    std::deque<peer> peers_;
    std::deque<peer*> idle_;
    std::vector<double> latencies_;
    clock::time_point start_;
    clock::time_point next_;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 8) {
        std::fprintf(stderr,
                     "usage: load PORT CONNECTIONS SECONDS RATE DEPTH REQUEST_FILE ANSWER_BYTES\n");
        return 2;
    }
    std::ifstream file{argv[6], std::ios::binary};
    const std::string request{std::istreambuf_iterator<char>{file}, {}};
    settings wanted{static_cast<std::uint16_t>(std::atoi(argv[1])),
                    std::strtoul(argv[2], nullptr, 10),
                    std::atof(argv[3]),
                    std::atof(argv[4]),
                    std::strtoul(argv[5], nullptr, 10),
                    {},
                    std::strtoul(argv[7], nullptr, 10)};
    for (std::size_t i = 0; i < wanted.depth; ++i) wanted.batch += request;
    load{std::move(wanted)}.run();
}
