// The floor: what a server costs that does nothing but receive and send.
//
// One thread, level-triggered epoll, no parsing beyond finding where a request ends. What a real
// server costs above it is the price of being one.
//
//     floor PORT http FILE    answers each blank line with the bytes in FILE
//     floor PORT echo         sends back what it received, without looking for frames in it
//     floor PORT vendors DATABASE
//                             answers GET /vendors/{prefix} of the example: one query, its texts
//                             between quotes as they are, nothing checked and nothing escaped
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sqlite3.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

[[noreturn]] void die(const char* what) {
    std::perror(what);
    std::exit(1);  // NOLINT(concurrency-mt-unsafe): there is one thread
}

std::size_t count_blank_lines(std::string_view bytes) {
    std::size_t count = 0;
    for (auto at = bytes.find("\r\n\r\n"); at != std::string_view::npos;
         at = bytes.find("\r\n\r\n", at + 4)) {
        ++count;
    }
    return count;
}

int listen_on(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0) die("socket");
    const int on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(fd, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) die("bind");
    if (::listen(fd, 1024) != 0) die("listen");
    return fd;
}

void watch(int epoll, int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    if (::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) die("epoll_ctl");
}

void accept_all(int epoll, int listener) {
    for (;;) {
        const int fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
        if (fd < 0) return;
        const int on = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(epoll, fd);
    }
}

// What is sent for what was received.
using answerer = std::function<std::string_view(std::string_view)>;

std::string_view echo(std::string_view received) { return received; }

// Answers each blank line with the bytes of a file.
class fixed_answer {
public:
    explicit fixed_answer(const char* path) {
        std::ifstream file{path, std::ios::binary};
        response_.assign(std::istreambuf_iterator<char>{file}, {});
    }
    std::string_view operator()(std::string_view received) {
        const std::size_t requests = count_blank_lines(received);
        if (requests == 1) return response_;
        batch_.clear();
        for (std::size_t i = 0; i < requests; ++i) batch_ += response_;
        return batch_;
    }

private:
    std::string response_;
    std::string batch_;
};

// Answers what comes, which is one request, by one query.
class queried_answer {
public:
    explicit queried_answer(const char* path) {
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);  // as the program has it
        constexpr int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
        if (sqlite3_open_v2(path, &database_, flags, nullptr) != SQLITE_OK) die(path);
        constexpr const char* sql =
            "select prefix, name, address from vendor where prefix = upper(:prefix) order by id";
        if (sqlite3_prepare_v2(database_, sql, -1, &query_, nullptr) != SQLITE_OK) die(sql);
    }
    std::string_view operator()(std::string_view received) {
        constexpr std::string_view before = "GET /vendors/";
        const std::string_view prefix =
            received.substr(before.size(), received.find(' ', before.size()) - before.size());
        body_.assign("{\"rows\":[");
        sqlite3_bind_text(query_, 1, prefix.data(), static_cast<int>(prefix.size()), SQLITE_STATIC);
        while (sqlite3_step(query_) == SQLITE_ROW) {
            add("{\"prefix\":", 0);
            add(",\"name\":", 1);
            add(",\"address\":", 2);
            body_ += "},";
        }
        sqlite3_reset(query_);
        if (body_.back() == ',') body_.pop_back();
        body_ += "]}";
        response_.assign("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n");
        response_.append("content-length: ").append(std::to_string(body_.size()));
        return response_.append("\r\n\r\n").append(body_);
    }

private:
    void add(const char* name, int column) {
        body_.append(name).append("\"");
        if (const unsigned char* text = sqlite3_column_text(query_, column); text != nullptr)
            body_.append(reinterpret_cast<const char*>(text));
        body_ += '"';
    }

    sqlite3* database_ = nullptr;
    sqlite3_stmt* query_ = nullptr;
    std::string body_;
    std::string response_;
};

// False where the connection has ended.
bool serve(int fd, const answerer& answer) {
    static std::array<char, 16384> buffer;
    const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (got <= 0) return false;
    const std::string_view sent =
        answer(std::string_view{buffer.data(), static_cast<std::size_t>(got)});
    return sent.empty() || ::send(fd, sent.data(), sent.size(), MSG_NOSIGNAL) > 0;
}

answerer answerer_of(int argc, char** argv) {
    const std::string_view kind = argc > 2 ? argv[2] : "";
    if (kind == "echo" && argc == 3) return echo;
    if (kind == "http" && argc == 4) return fixed_answer{argv[3]};
    if (kind == "vendors" && argc == 4) return queried_answer{argv[3]};
    std::fprintf(stderr, "usage: floor PORT http FILE | echo | vendors DATABASE\n");
    std::exit(2);  // NOLINT(concurrency-mt-unsafe): there is one thread
}

}  // namespace

int main(int argc, char** argv) {
    const answerer answer = answerer_of(argc, argv);
    const int listener = listen_on(static_cast<std::uint16_t>(std::atoi(argv[1])));
    const int epoll = ::epoll_create1(0);
    watch(epoll, listener);
    std::array<epoll_event, 256> events{};
    for (;;) {
        const int ready = ::epoll_wait(epoll, events.data(), events.size(), -1);
        for (int i = 0; i < ready; ++i) {
            const int fd = events[static_cast<std::size_t>(i)].data.fd;
            if (fd == listener) {
                accept_all(epoll, listener);
            } else if (!serve(fd, answer)) {
                ::close(fd);
            }
        }
    }
}
