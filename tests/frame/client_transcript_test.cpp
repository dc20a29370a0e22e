// docs/protocol/*.transcript, played on the client: the server's lines are said to it, and what it
// says is held against the client's lines. Its ids and its timeouts are its own.
#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <simdjson.h>

#include "weir/call/message.hpp"

#include "frame/call_server.hpp"
#include "support/transcript.hpp"

namespace weir::inline v0::frame {
namespace {

using namespace std::chrono_literals;
using step_kind = transcript_step::kind;

// Of a call, by name, without those that are the client's own. One that is given twice is there
// twice.
using call_members = std::multimap<std::string, std::string>;

call_members members_of(const std::string& text) {
    simdjson::dom::parser parser;
    const simdjson::dom::object call = parser.parse(text);
    call_members members;
    for (const auto& [name, value] : call)
        if (name != "id" && name != "timeout_ms") members.emplace(name, simdjson::minify(value));
    return members;
}

// A call of the transcript, and what becomes of it.
class spoken_call {
public:
    spoken_call(std::string id, const environment& env) : id{std::move(id)}, scope{env, &failed} {}

    std::string id;  // in the transcript
    std::string name;
    call_members members;
    std::string sent_as;  // its id on the wire; empty until it was heard
    std::string expected;
    std::string outcome;
    task_scope scope;

private:
    static void failed(const error& why) { ADD_FAILURE() << why.message(); }
};

task<result<>> make_call(client& of, spoken_call& call, call_options options) {
    const auto given = call.members.find("params");
    const std::string json = given == call.members.end() ? "{}" : given->second;
    auto params = co_await or_return(call_params::parse(json));
    const auto outcome = co_await of.call(call.name, std::move(params), options);
    if (outcome)
        call.outcome = outcome->json();
    else
        call.outcome = to_string(outcome.error().code());
    co_return {};
}

// "7" of {"id": 7, ...}
std::string id_of(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(' ', text.find(':') + 1);
    return std::string{text.substr(begin, text.find_first_of(",}", begin) - begin)};
}

// What the caller is to see: an answer without its id, or an error's code.
std::string outcome_of(std::string_view text) {
    constexpr std::string_view code = R"("code":")";
    const std::size_t at = text.find(code);
    if (!text.substr(text.find(',')).starts_with(R"(,"error")"))
        return '{' + std::string{text.substr(text.find(',') + 1)};
    const std::string_view rest = text.substr(at + code.size());
    return std::string{rest.substr(0, rest.find('"'))};
}

class client_play {
public:
    explicit client_play(io::engine_world& world) : stage_{world} { stage_.one_host(); }

    task<result<>> play(transcript steps) {
        for (const transcript_step& each : steps) {
            line_ = each.line;
            co_await or_return(take(&each));
        }
        if (!left_) co_await stage_.calls().close();
        co_await stage_.scope.join();
        for (const auto& each : calls_) {
            co_await each->scope.join();
            EXPECT_EQ(each->outcome, each->expected) << each->id;
        }
        co_return {};
    }

    std::size_t line() const noexcept { return line_; }

private:
    task<result<>> take(const transcript_step* step) {
        switch (step->is) {
            case step_kind::client_frame:
                co_return co_await say_as_client(step->text);
            case step_kind::client_ends:
                co_return co_await leave();
            case step_kind::server_frame:
                co_return co_await say(step->text);
            case step_kind::server_ends:
                co_return co_await end();
            case step_kind::client_bytes:
                co_return fail(errc::invalid_argument, "it is not for clients");
            case step_kind::drain:
            case step_kind::idle:
            case step_kind::disk_fails:
            case step_kind::token:
            case step_kind::write_token:
                co_return {};
        }
        co_return {};
    }

    task<result<>> say_as_client(std::string text) {
        const auto said = co_await or_return(call::read(as_bytes(text), reader_));
        if (const auto* hello = std::get_if<call::hello>(&said)) {
            stage_.options.token = hello->token.value_or("");
            stage_.open();
        } else if (const auto* asked = std::get_if<call::request>(&said)) {
            begin(text, *asked);
            if (hello_.empty()) co_return {};
            std::string greeting = std::exchange(hello_, {});
            co_return co_await greet(std::move(greeting));
        } else if (std::holds_alternative<call::cancel>(said)) {
            co_return co_await cancel(id_of(text));
        } else {
            co_return co_await leave();
        }
        co_return {};
    }
    // What no client asks: what cannot be made, and anything behind a goodbye.
    void begin(const std::string& text, const call::request& asked) {
        if (leaving_ || left_ || !asked.sound) return;
        auto call = std::make_unique<spoken_call>(id_of(text), stage_.here->loop().env());
        call->name = asked.name;
        call->members = members_of(text);
        call_options options;
        options.timeout = asked.timeout.value_or(10s);
        call->scope.spawn(make_call(stage_.calls(), *call, options));
        calls_.push_back(std::move(call));
    }
    // What is not in flight, no client cancels.
    task<result<>> cancel(std::string id) {
        spoken_call* const call = in_flight(id);
        if (call == nullptr) co_return {};
        co_await or_return(hear_calls());
        canceled_ = true;
        call->scope.request_stop();
        co_await call->scope.join();
        const std::string heard = co_await or_return(peer_->hear());
        EXPECT_EQ(heard, "{\"cancel\":" + call->sent_as + '}');
        co_return {};
    }
    // A client ends its side where another might say goodbye.
    task<result<>> leave() {
        co_await or_return(hear_calls());
        if (!std::exchange(left_, true)) stage_.beside(close(stage_.calls()));
        co_return {};
    }
    static task<result<>> close(client& of) {
        co_await of.close();
        co_return {};
    }

    // --- as the server
    task<result<>> end() {
        if (left_) {
            const errc why = co_await peer_->end();
            // A client that has canceled may leave without reading what the server says to that.
            EXPECT_TRUE(why == errc::end_of_stream || (canceled_ && why == errc::reset))
                << to_string(why);
        }
        co_await peer_->close();
        co_return {};
    }
    task<result<>> say(std::string text) {
        if (peer_ == nullptr && calls_.empty()) {
            hello_ = std::move(text);
            co_return {};
        }
        if (peer_ == nullptr) co_return co_await greet(std::move(text));
        co_await or_return(hear_calls());
        if (text.starts_with(R"({"goodbye")")) {
            leaving_ = true;
            co_return co_await peer_->say(std::move(text));
        }
        spoken_call* const call = in_flight(id_of(text));
        if (call == nullptr) co_return {};
        call->expected = outcome_of(text);
        const std::size_t rest = text.find(',') + 1;
        std::string members = text.substr(rest, text.size() - rest - 1);
        co_await or_return(peer_->answer(call->sent_as, std::move(members)));
        co_await call->scope.join();
        co_return {};
    }
    // Whatever comes first of the server comes behind the client's hello.
    task<result<>> greet(std::string text) {
        peer_ = co_await or_return(stage_.first.take());
        const std::string heard = co_await or_return(peer_->hear());
        const auto said = co_await or_return(call::read(as_bytes(heard), reader_));
        const auto& hello = std::get<call::hello>(said);
        EXPECT_EQ(hello.version, 1);
        EXPECT_EQ(hello.token.value_or(""), stage_.options.token);
        const bool refused = text.starts_with(R"({"id":null)");
        for (const auto& each : calls_)
            if (refused) each->expected = outcome_of(text);
        // A client keeps one place free, for cancels.
        if (const auto limit = text.find(R"("in_flight":3)"); limit != std::string::npos)
            text.replace(limit, 13, R"("in_flight":4)");
        co_return co_await peer_->say(std::move(text));
    }
    task<result<>> hear_calls() {
        for (const auto& each : calls_) {
            if (!each->sent_as.empty() || !each->outcome.empty() || peer_ == nullptr) continue;
            const std::string heard = co_await or_return(peer_->hear());
            EXPECT_EQ(members_of(heard), each->members) << heard;
            each->sent_as = id_of(heard);
        }
        co_return {};
    }
    // The last one of that id: an id may be used again.
    spoken_call* in_flight(std::string_view id) noexcept {
        const auto found = std::ranges::find_if(
            calls_, [&](const auto& each) { return each->id == id && each->expected.empty(); });
        return found == calls_.end() ? nullptr : found->get();
    }

    std::size_t line_ = 0;  // that is played
    call_stage stage_;
    json::reader reader_;
    std::string hello_;  // the server's, until the client connects, which it does for a call
    std::unique_ptr<far_end> peer_;
    std::vector<std::unique_ptr<spoken_call>> calls_;
    bool leaving_ = false;  // the server has said goodbye
    bool left_ = false;     // the client has ended its side
    bool canceled_ = false;
};

// docs/protocol.md says why, one by one.
const std::vector<std::string> not_for_clients{"cut_short",      "drain_of_a_silent_client",
                                               "empty_frame",    "idle",
                                               "in_flight",      "newer_client",
                                               "no_hello",       "no_id",
                                               "no_json",        "other_protocol",
                                               "over_max_frame", "side_by_side",
                                               "too_large",      "unsupported"};

task<result<>> play_one(io::engine_world& world, std::filesystem::path file) {
    client_play play{world};
    auto playing = play.play(read_transcript(file));
    const auto played = co_await std::move(playing);
    EXPECT_TRUE(played) << "line " << play.line() << ": " << played.error().message();
    co_return {};
}

class client_transcript_test : public client_test {};

INSTANTIATE_TEST_SUITE_P(on, client_transcript_test, testing::ValuesIn(io::engine_names()),
                         io::name_of);

TEST_P(client_transcript_test, says_what_the_protocols_transcripts_show) {
    std::vector<std::string> left_out;
    for (const auto& file : all_transcripts()) {
        const std::string name = file.stem().string();
        const testing::ScopedTrace trace{"", 0, name};
        if (std::ranges::find(not_for_clients, name) != not_for_clients.end())
            left_out.push_back(name);
        else
            run(play_one(*world_, file));
    }
    EXPECT_EQ(left_out, not_for_clients);
}

}  // namespace
}  // namespace weir::inline v0::frame
