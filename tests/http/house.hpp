// A server at one end of a link, and what its tests like to say at the other.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "weir/http/server.hpp"
#include "weir/net/connection.hpp"

#include "io/transport_ops.hpp"
#include "io/world.hpp"

namespace weir::inline v0::http {

// What a client read. Fields by their name in lower case.
struct reply {
    int status = 0;
    std::map<std::string, std::string> fields;
    std::string body;
};

// Takes text apart into replies by Content-Length; asked says which were answers to HEAD. Fails the
// test where the text is not that.
std::vector<reply> replies_in(std::string_view text, std::vector<bool> asked_head = {});

// Where a link comes from: "uring", "epoll", "sim", or "memory" (on the simulator's loop).
std::vector<std::string> house_names();

class house {
public:
    // Throws std::system_error where the kernel forbids that engine.
    explicit house(const std::string& name, std::size_t slabs = 256);

    io::engine_world& world() { return world_; }
    io::loop& loop() { return world_.loop(); }
    task<result<io::link>> make_link();
    void run(task<result<>> main) { world_.run(std::move(main)); }

    // What talks to the server; the stream is closed behind it.
    using client = std::function<task<result<>>(io::transport& near)>;
    void converse(const server& server, const client& client);

    // Sends all of it, then ends the stream, and answers with what came back until the end.
    std::string ask(const server& server, std::string_view sent);
    // As ask(), but leaves the stream open until the server has ended it.
    std::string ask_and_stay(const server& server, std::string_view sent);
    // As ask(), byte by byte.
    std::string ask_slowly(const server& server, std::string_view sent);

    net::connection_options connections;

private:
    task<result<>> serve(std::unique_ptr<io::transport> far, server server);
    task<result<>> both(server server, client client);

    io::engine_world world_;
    bool memory_;
};

task<result<>> send(io::transport& near, std::string_view text);
// Reads to the end of the stream, which must be a good one.
task<result<std::string>> receive_rest(io::transport& near);
// Reads one reply, whose length is told, and nothing behind it.
task<result<reply>> receive_reply(io::transport& near);

class house_test : public testing::TestWithParam<std::string> {
protected:
    void SetUp() override { make(256); }
    void make(std::size_t slabs) {
        try {
            house_.reset();
            house_ = std::make_unique<house>(GetParam(), slabs);
        } catch (const std::system_error& refused) {
            GTEST_SKIP() << refused.what();
        }
    }

    std::unique_ptr<house> house_;
};

response hello(request&);
// The body, sent back.
task<result<response>> echo(request& request);

// A GET of HTTP/1.1 without a body.
std::string get(std::string_view target, std::string_view more_fields = {});
std::string post(std::string_view target, std::string_view body, std::string_view more_fields = {});

}  // namespace weir::inline v0::http
