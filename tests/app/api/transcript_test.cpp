// docs/protocol/*.transcript, played on the server: what the document shows is what is sent, byte
// by byte.

#include "support/transcript.hpp"

#include <fstream>
#include <iterator>
#include <memory>
#include <regex>
#include <string>

#include <gtest/gtest.h>

#include "weir/base/diagram.hpp"
#include "weir/call/conversation.hpp"
#include "weir/frame/framed.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/when_all.hpp"
#include "weir/task/with_timeout.hpp"

#include "app/api/frames_api.hpp"
#include "app/config/config_fixture.hpp"
#include "app/data/database_check.hpp"
#include "db/failing_vfs.hpp"
#include "db/house.hpp"

namespace weir::app {
namespace {

using namespace std::chrono_literals;
using kind = transcript_step::kind;

constexpr auto transcript_endpoints = R"TOML(
[[endpoint]]
name = "vendors"
method = "GET"
path = "/vendors"
max_rows = 2
sql = "select prefix, name from vendor order by prefix"
[[endpoint]]
name = "slow"
method = "GET"
path = "/slow/{n}"
params.n = { type = "integer" }
sql = '''
with recursive counter (i) as (select 1 union all select i + 1 from counter where i < :n)
select count(*) as n from counter'''
result = "row"
[[endpoint]]
name = "sighting_add"
method = "POST"
path = "/sightings"
params.mac = {}
params.place = {}
sql = "insert into sighting (mac, place) values (:mac, :place) returning id, mac, place"
result = "row"
[[endpoint]]
name = "sighting"
method = "GET"
path = "/sightings/{id}"
params.id = { type = "integer" }
sql = "select * from sighting where id = :id"
result = "row"
[[endpoint]]
name = "sightings_forget"
method = "DELETE"
path = "/sightings"
params.place = {}
sql = "delete from sighting where place = :place"
result = "changes"
[[endpoint]]
name = "spoilt"
method = "GET"
path = "/spoilt"
sql = "select cast(x'ff' as text) as name"
result = "row"
[[endpoint]]
name = "huge"
method = "GET"
path = "/huge"
sql = "select replace(hex(zeroblob(750000)), '0', char(1)) as text"
result = "row"
[[endpoint]]
name = "fill"
method = "POST"
path = "/fill"
sql = "insert into sighting (mac, place) values (hex(zeroblob(1000000)), 'disk')"
result = "changes"
)TOML";

db::database_options two_readers() {
    db::database_options options = db::creating();
    options.connections.max_size = 2;
    options.connections.acquire_timeout = 300ms;
    return options;
}

// "line 7: ..." where what came is not what stands there.
error at(const transcript_step& step, const std::string& what) {
    return {errc::internal, "line " + std::to_string(step.line) + ": " + what};
}

// A client's side of a transcript; the server's connection is told of what happens to it.
class player {
public:
    player(std::unique_ptr<io::transport> near, net::connection& served,
           const net::connection_options& options, db::failing_vfs& disk)
        : transport_{*near},
          served_{served},
          disk_{disk},
          peer_{std::move(near), served.loop(), options} {}

    task<result<>> play(transcript steps) {
        result<> played;
        for (const transcript_step& each : steps) {
            played = co_await take(&each);
            if (played) continue;
            peer_.abort();
            break;
        }
        co_return played;
    }

private:
    task<result<>> take(const transcript_step* step) {
        switch (step->is) {
            case kind::client_frame:
                co_return co_await frames_.send(as_bytes(step->text));
            case kind::client_bytes:
                peer_.write(as_bytes(step->text));
                co_return co_await peer_.flush();
            case kind::client_ends:
                co_await or_return(peer_.flush());
                transport_.shutdown();
                co_return {};
            case kind::server_frame:
            case kind::server_ends:
                co_return co_await expect(step);
            case kind::drain:
                served_.drain();
                co_return {};
            case kind::disk_fails:
                disk_.fail_syncs(true);
                co_return {};
            case kind::idle:
            case kind::token:
            case kind::write_token:
                co_return {};
        }
        co_return {};
    }
    task<result<>> expect(const transcript_step* step) {
        auto frame = co_await with_timeout(10s, frames_.next());
        const bool ends = step->is == kind::server_ends;
        if (!frame && ends && frame.error() == errc::end_of_stream) co_return {};
        if (!frame) co_return fail(at(*step, frame.error().message()));
        if (ends || frame->text() != step->text)
            co_return fail(at(*step, std::string{frame->text()}));
        co_return {};
    }

    io::transport& transport_;
    net::connection& served_;
    db::failing_vfs& disk_;
    net::connection peer_;
    frame::framed frames_{peer_};
};

class the_transcript : public db::house,
                       public ::testing::WithParamInterface<std::filesystem::path> {
protected:
    the_transcript() : db::house{two_readers(), 8} {}

    void SetUp() override {
        ASSERT_TRUE(write("create table vendor (prefix text, name text)"));
        ASSERT_TRUE(
            write("insert into vendor values ('080030', 'CERN'), ('B827EB', 'Raspberry Pi "
                  "Foundation'), ('FFFFFF', 'Nobody')"));
        ASSERT_TRUE(
            write("create table sighting (id integer primary key, mac text, place text, "
                  "unique (mac, place))"));
        // Of the writer's connection: what "fill" fails at.
        ASSERT_TRUE(write("pragma max_page_count = 100"));
        config_ = config_of("service.loops = 1\nlimits.in_flight = 3\n" + app::database +
                            one_endpoint + "required = true\n" + transcript_endpoints);
        problems found{"t.toml"};
        auto served = check_endpoints(config_, house::database(), found);
        ASSERT_EQ(found.text(), "");
        data_.emplace(house::database(), log_, std::move(served), 30s);
    }

    task<result<>> conversation(transcript steps, frames_api* api) {
        io::engine& engine = loop().engine();
        auto listening = engine.listen(io::endpoint{}, io::listen_options{});
        auto listener = co_await or_return(std::move(listening));
        auto near = co_await or_return(io::connect{engine, listener->local()});
        auto far = co_await or_return(io::accept{*listener});
        net::connection served{engine.adopt(std::move(far)), loop(), options_};
        auto client =
            std::make_unique<player>(engine.adopt(std::move(near)), served, patient_, *disk_);
        auto playing = play(std::move(client), std::move(steps));
        auto both = when_all(std::move(playing), serve(&served, api));
        auto outcome = co_await std::move(both);
        co_return std::move(std::get<0>(outcome));
    }
    // Closes the client's side behind it.
    static task<result<>> play(std::unique_ptr<player> client, transcript steps) {
        co_return co_await client->play(std::move(steps));
    }
    // What the server is before the conversation begins.
    void prepare(const transcript_step& step) {
        if (step.is == kind::idle) options_.idle_timeout = 100ms;
        if (step.is != kind::token && step.is != kind::write_token) return;
        config_.frames.auth.tokens = {{"t", step.text}};
        config_.frames.auth.reads =
            step.is == kind::token ? read_access::required : read_access::open;
    }
    static task<> serve(net::connection* connection, frames_api* api) {
        co_await api->serve(*connection);
        co_await connection->close();
    }

    db::failing_vfs::mounted disk_;
    class log log_{"test", weir::log_level::off};
    metrics::registry metrics_{1};
    config config_;
    net::connection_options options_;  // the server's
    net::connection_options patient_;
    std::optional<data_service> data_;
};

TEST_P(the_transcript, is_what_the_server_says) {
    transcript steps = read_transcript(GetParam());
    for (const transcript_step& each : steps) prepare(each);
    frames_api api{*data_, config_, metrics_};
    const auto played = run(conversation(std::move(steps), &api));
    EXPECT_TRUE(played) << played.error().message();
}

INSTANTIATE_TEST_SUITE_P(of, the_transcript, ::testing::ValuesIn(all_transcripts()),
                         [](const auto& file) { return file.param.stem().string(); });

std::string text_of(const std::filesystem::path& file) {
    std::ifstream text{file};
    return {std::istreambuf_iterator<char>{text}, {}};
}

TEST(the_protocols_document, names_no_code_that_no_transcript_shows) {
    std::string shown;
    for (const auto& each : all_transcripts()) shown += text_of(each);
    const std::string document = text_of(WEIR_SOURCE_DIR "/docs/protocol.md");
    const std::regex row{R"(\n\| `(\w+)` \|[^\n]*(yes|no))"};
    std::size_t codes = 0;
    for (std::sregex_iterator at{document.begin(), document.end(), row}, end; at != end; ++at) {
        EXPECT_NE(shown.find("\"code\":\"" + (*at)[1].str() + '"'), std::string::npos) << (*at)[1];
        ++codes;
    }
    EXPECT_EQ(codes, 14U);
}

TEST(the_protocols_document, shows_the_machine_that_the_server_runs_on) {
    using state = call::conversation::state;
    const std::string shown =
        to_mermaid(call::conversation::table, state::awaiting_hello, state::ended);
    const std::string document = text_of(WEIR_SOURCE_DIR "/docs/protocol.md");
    EXPECT_NE(document.find(shown), std::string::npos) << shown;
}

}  // namespace
}  // namespace weir::app
