// Endpoints as HTTP shows them, on a disk that fails.

#include "app/api/http_api.hpp"

#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "weir/http/server.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/when_all.hpp"

#include "app/config/config_fixture.hpp"
#include "app/data/database_check.hpp"
#include "db/failing_vfs.hpp"
#include "db/house.hpp"

namespace weir::app {
namespace {

using namespace std::chrono_literals;

constexpr auto add_endpoint = R"TOML(
[[endpoint]]
name = "add"
method = "POST"
path = "/things"
sql = "insert into thing values (hex(zeroblob(5000)))"
result = "changes"
)TOML";

constexpr std::string_view add_request =
    "POST /things HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

class the_http_api : public db::house {
protected:
    void SetUp() override {
        ASSERT_TRUE(write("create table thing (name text)"));
        config_ = config_of(app::database + add_endpoint);
        problems found{"t.toml"};
        auto served = check_endpoints(config_, house::database(), found);
        ASSERT_EQ(found.text(), "");
        data_.emplace(house::database(), log_, std::move(served), 30s);
        api_.emplace(*data_, config_, 1);
        server_.emplace(http::serve(api_->routes()));
    }

    // The whole answer to one request.
    std::string answer(std::string_view request) {
        const auto heard = run(conversation(request));
        EXPECT_TRUE(heard) << heard.error().message();
        return heard.value_or("");
    }

    db::failing_vfs& disk() { return *disk_; }

private:
    static task<result<std::string>> ask(std::unique_ptr<net::connection> peer,
                                         std::string_view request) {
        peer->write(as_bytes(request));
        co_await or_return(peer->flush());
        std::string heard;
        for (;;) {
            const auto filled = co_await peer->fill();
            heard += as_text(peer->input());
            peer->consume(peer->input().size());
            if (!filled) co_return heard;
        }
    }
    static task<> serve(net::connection* connection, const http::server* server) {
        auto serving = (*server)(*connection);
        co_await std::move(serving);
        co_await connection->close();
    }
    task<result<std::string>> conversation(std::string_view request) {
        io::engine& engine = loop().engine();
        auto listening = engine.listen(io::endpoint{}, io::listen_options{});
        auto listener = co_await or_return(std::move(listening));
        auto near = co_await or_return(io::connect{engine, listener->local()});
        auto far = co_await or_return(io::accept{*listener});
        net::connection served{engine.adopt(std::move(far)), loop(), options_};
        auto peer =
            std::make_unique<net::connection>(engine.adopt(std::move(near)), loop(), options_);
        auto asking = ask(std::move(peer), request);
        auto both = when_all(std::move(asking), serve(&served, &*server_));
        auto outcome = co_await std::move(both);
        co_return std::move(std::get<0>(outcome));
    }

    db::failing_vfs::mounted disk_;
    class log log_{"test", weir::log_level::off};
    config config_;
    net::connection_options options_;
    std::optional<data_service> data_;
    std::optional<http_api> api_;
    std::optional<http::server> server_;
};

TEST_F(the_http_api, says_where_the_outcome_of_a_write_is_unknown) {
    const std::string done = answer(add_request);
    EXPECT_TRUE(done.ends_with(R"({"changes":1})")) << done;
    disk().fail_syncs(true);
    const std::string failed = answer(add_request);
    EXPECT_TRUE(failed.starts_with("HTTP/1.1 500 ")) << failed;
    EXPECT_NE(failed.find("application/problem+json"), std::string::npos) << failed;
    EXPECT_NE(failed.find(R"("code":"outcome_unknown"})"), std::string::npos) << failed;
    disk().fail_syncs(false);
    EXPECT_TRUE(answer(add_request).ends_with(R"({"changes":1})"));
}

TEST_F(the_http_api, says_where_nothing_was_written) {
    ASSERT_TRUE(write("pragma max_page_count = 1"));
    const std::string failed = answer(add_request);
    EXPECT_TRUE(failed.starts_with("HTTP/1.1 500 ")) << failed;
    EXPECT_NE(failed.find(R"("code":"storage"})"), std::string::npos) << failed;
}

}  // namespace
}  // namespace weir::app
