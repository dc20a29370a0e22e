// A successor gets the listening sockets of a service that runs, and the service drains.
#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "weir/io/local_message.hpp"
#include "weir/service/service.hpp"

#include "service/line_service.hpp"
#include "service/running_service.hpp"
#include "support/blocking_client.hpp"
#include "support/scratch_folder.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;
using test::blocking_client;
using test::eventually;
using test::running_service;

// Answers five bytes with the same.
task<> answer_pings(net::connection& connection) {
    while (auto more = co_await connection.fill()) {
        if (connection.input().size() < 5) continue;
        connection.write(connection.input().first(5));
        connection.consume(5);
        if (auto sent = co_await connection.flush(); !sent) co_return;
    }
}

bool pings(const io::endpoint& to) {
    blocking_client client{to};
    return client.connected() && client.send("ping\n") && client.receive_exactly(5) == "ping\n";
}

task<> say(net::connection& connection, std::string_view words) {
    connection.write(as_bytes(words));
    (void)co_await connection.flush();
}

class takeover_on : public on_engine {
protected:
    service_options options() const {
        service_options made;
        made.runtime.engine = GetParam();
        made.runtime.loops = 2;
        made.runtime.slabs = 256;
        made.log_level = log_level::off;
        made.takeover_path = path();
        return made;
    }
    std::string file(std::string_view name) const { return folder_.file(std::string{name}); }
    std::string path() const { return file("takeover.sock"); }
    // A successor that has the predecessor's sockets and is not ready yet; where one that has left
    // is not forgotten yet, it asks again.
    io::native_socket ask(io::message_with_sockets& into) const {
        io::native_socket asking;
        EXPECT_TRUE(eventually([&] {
            auto connected = io::connect_local(io::endpoint::unix_path(path()));
            if (!connected) return false;
            asking = std::move(*connected);
            auto got = io::receive_sockets(asking, 10s);
            if (!got) return false;
            into = std::move(*got);
            return into.text.starts_with("weir-takeover 1\n");
        }));
        return asking;
    }

private:
    test::scratch_folder folder_;
};

TEST_P(takeover_on, loses_no_connection_under_load) {
    constexpr int take_overs = 5;
    std::deque<service> services;
    std::deque<running_service> running;
    services.emplace_back(options()).listen("127.0.0.1:0", answer_pings);
    running.emplace_back(services.back());
    const io::endpoint to = services.back().local(0);

    std::atomic<bool> over = false;
    std::atomic<int> answered = 0, lost = 0;
    std::vector<std::jthread> clients;
    for (int i = 0; i < 4; ++i) {
        clients.emplace_back([&] {
            while (!over.load()) ++(pings(to) ? answered : lost);
        });
    }
    for (int i = 0; i < take_overs; ++i) {
        const int before = answered.load();
        EXPECT_TRUE(eventually([&] { return answered.load() > before + 20; }));
        services.emplace_back(options()).listen(to.text(), answer_pings);
        ASSERT_TRUE(services.back().take_over().has_value());
        running.emplace_back(services.back());
        EXPECT_TRUE(running.front().wait().has_value());
        running.pop_front();
        services.pop_front();
    }
    over.store(true);
    clients.clear();
    EXPECT_EQ(lost.load(), 0);
    EXPECT_TRUE(running.back().drain().has_value());
}

TEST_P(takeover_on, has_nobody_to_take_over_from) {
    service alone{options()};
    const auto outcome = alone.take_over();
    ASSERT_FALSE(outcome.has_value());
    EXPECT_EQ(outcome.error(), errc::refused);
}

TEST_P(takeover_on, gives_its_sockets_to_this_user_alone_and_removes_the_file) {
    service service{options()};
    service.listen("127.0.0.1:0", answer_pings);
    {
        running_service running{service};
        struct stat file{};
        ASSERT_EQ(::stat(path().c_str(), &file), 0);
        EXPECT_EQ(file.st_mode & 0777U, 0600U);
        EXPECT_TRUE(running.drain().has_value());
    }
    EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_P(takeover_on, leaves_the_file_to_the_successor) {
    service first{options()};
    first.listen("127.0.0.1:0", answer_pings);
    running_service was{first};
    service second{options()};
    second.listen(first.local(0).text(), answer_pings);
    ASSERT_TRUE(second.take_over().has_value());
    running_service is{second};
    EXPECT_TRUE(was.wait().has_value());
    {
        io::message_with_sockets offered;
        EXPECT_TRUE(ask(offered));
        EXPECT_EQ(offered.sockets.size(), 2U);
    }
    EXPECT_TRUE(is.drain().has_value());
    EXPECT_FALSE(std::filesystem::exists(path())) << "which removes it in the end";
}

TEST_P(takeover_on, leaves_the_files_of_all_its_sockets_to_the_successor) {
    const std::string wanted = file("wanted.sock"), dropped = file("dropped.sock");
    service first{options()};
    first.listen("unix:" + wanted, answer_pings);
    first.listen("unix:" + dropped, answer_pings);
    running_service was{first};
    service second{options()};
    second.listen("unix:" + wanted, answer_pings);
    ASSERT_TRUE(second.take_over().has_value());
    running_service is{second};
    EXPECT_TRUE(was.wait().has_value());
    EXPECT_TRUE(io::connect_local(io::endpoint::unix_path(wanted)).has_value());
    EXPECT_FALSE(std::filesystem::exists(dropped));
    EXPECT_TRUE(is.drain().has_value());
    EXPECT_FALSE(std::filesystem::exists(wanted));
}

TEST_P(takeover_on, keeps_its_file_where_a_successor_leaves_half_way) {
    service first{options()};
    first.listen("127.0.0.1:0", answer_pings);
    running_service running{first};
    {
        service second{options()};
        ASSERT_TRUE(second.take_over().has_value());
    }
    EXPECT_TRUE(std::filesystem::exists(path()));
    EXPECT_TRUE(running.drain().has_value());
    EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_P(takeover_on, goes_on_when_a_successor_leaves_half_way) {
    service service{options()};
    service.listen("127.0.0.1:0", answer_pings);
    running_service running{service};
    for (const std::string_view last_words :
         {"", "rea", "nonsense\n", "ready 7\n", "ready 0 0 0 0\n"}) {
        io::message_with_sockets offered;
        io::native_socket asking = ask(offered);
        ASSERT_EQ(offered.sockets.size(), 2U);
        EXPECT_EQ(offered.sockets[0].local, service.local(0));
        if (!last_words.empty()) {
            EXPECT_TRUE(io::send_sockets(asking, last_words, {}).has_value());
        }
        if (last_words.ends_with('\n')) {
            EXPECT_EQ(io::receive_sockets(asking, 10s).error(), errc::end_of_stream);
        }
        asking = {};
        EXPECT_TRUE(pings(service.local(0)));
        EXPECT_TRUE(service.accepting());
    }
    EXPECT_TRUE(running.drain().has_value());
}

TEST_P(takeover_on, refuses_a_second_successor) {
    service first{options()};
    first.listen("127.0.0.1:0", answer_pings);
    const running_service running{first};
    io::message_with_sockets offered;
    const auto asking = ask(offered);
    ASSERT_TRUE(asking);
    service second{options()};
    const auto outcome = second.take_over();
    ASSERT_FALSE(outcome.has_value());
    EXPECT_EQ(outcome.error(), errc::unavailable);
    EXPECT_TRUE(pings(first.local(0)));
}

TEST_P(takeover_on, does_not_serve_where_the_predecessor_has_given_it_up) {
    service_options impatient = options();
    impatient.takeover_timeout = 50ms;
    service first{impatient};
    first.listen("127.0.0.1:0", answer_pings);
    running_service running{first};
    service slow{options()};
    slow.listen(first.local(0).text(), answer_pings);
    ASSERT_TRUE(slow.take_over().has_value());
    // That another one is let in tells that this one has been given up.
    io::message_with_sockets next;
    EXPECT_TRUE(ask(next));
    running_service late{slow};
    const auto outcome = late.wait();
    ASSERT_FALSE(outcome.has_value());
    EXPECT_EQ(outcome.error(), errc::unavailable);
    EXPECT_TRUE(std::filesystem::exists(path()));
    EXPECT_TRUE(pings(first.local(0)));
    EXPECT_TRUE(running.drain().has_value());
}

TEST_P(takeover_on, drains_what_the_successor_does_not_want_as_ever) {
    service first{options()};
    first.listen("127.0.0.1:0", answer_pings);
    first.listen("127.0.0.1:0", answer_pings);
    running_service was{first};
    const io::endpoint kept = first.local(0), dropped = first.local(1);
    service second{options()};
    second.listen(kept.text(), answer_pings);
    second.listen("127.0.0.1:0", answer_pings);
    ASSERT_TRUE(second.take_over().has_value());
    EXPECT_TRUE(second.has_inherited(dropped));
    const running_service is{second};
    EXPECT_TRUE(was.wait().has_value());
    EXPECT_TRUE(pings(kept));
    EXPECT_TRUE(pings(second.local(1)));
    EXPECT_FALSE(blocking_client{dropped}.connected());
}

TEST_P(takeover_on, is_not_fooled_by_another_program_at_that_path) {
    for (const std::string_view words :
         {"", "hello\n\n", "weir-takeover 2\n\n", "weir-takeover 1\nsocket\n\n",
          "weir-takeover 1\nwatchdog-us -1\n\n"}) {
        service_options wanted = options();
        service first{wanted};
        // A place that accepts, says something, and hangs up.
        first.listen("unix:" + file("parrot.sock"),
                     [words](net::connection& connection) { return say(connection, words); });
        const running_service running{first};
        wanted.takeover_path = file("parrot.sock");
        service second{wanted};
        const auto outcome = second.take_over();
        ASSERT_FALSE(outcome.has_value());
        EXPECT_EQ(outcome.error(), words.empty() ? errc::end_of_stream : errc::malformed);
    }
}

INSTANTIATE_TEST_SUITE_P(engines, takeover_on,
                         testing::Values(io::engine_kind::epoll, io::engine_kind::uring),
                         [](const auto& info) {
                             return info.param == io::engine_kind::epoll ? "epoll" : "uring";
                         });

}  // namespace
}  // namespace weir::inline v0
