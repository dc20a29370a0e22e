#include "app/api/frame_session.hpp"

#include <exception>
#include <new>
#include <string>
#include <utility>

#include "weir/call/answer.hpp"
#include "weir/json/writer.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/with_stop.hpp"
#include "weir/task/with_timeout.hpp"

#include "app/data/result_writer.hpp"

namespace weir::app {

namespace {

using namespace std::chrono_literals;

constexpr duration hello_timeout = 10s;
// How long the peer gets to see the goodbye, and the last answer, before it is no longer read.
constexpr duration leave_grace = 1s;

// Those of the peer are bounded as the hello says; ours by what every client takes.
frame::codec_options protocol_of(const frame_share& share) noexcept {
    frame::codec_options protocol;
    protocol.max_encoded_length = protocol.max_frame_length;
    protocol.max_frame_length = share.max_frame;
    return protocol;
}

error last_words_of(errc why) {
    if (why == errc::too_large) return {why, "the frame is larger than max_frame"};
    if (why == errc::malformed) return {why, "the stream ended inside a frame"};
    if (why == errc::timed_out) return {why, "a frame that has begun must be whole within 60 s"};
    return {why, "there is no memory to read more"};
}

}  // namespace

frame_session::frame_session(frame_share& share, net::connection& connection,
                             const weir::environment& env)
    : share_{share},
      connection_{connection},
      frames_{connection, protocol_of(share)},
      in_flight_{share.in_flight},
      gone_{env.stop()},
      of_calls_{env.scheduler(), gone_},
      calls_{of_calls_, [this](const error&) { connection_.abort(); }},
      leaving_{env, [this](const error&) { connection_.abort(); }},
      reading_{env, [this](const error&) { connection_.abort(); }} {
    // Until when a drain waits for the peer is for leave() to say.
    connection_.set_in_message(true);
}

task<> frame_session::run() {
    leaving_.spawn(leave_at_drain(), "leave at a drain");
    reading_.spawn(read(), "read frames");
    co_await reading_.join();
    leaving_.request_stop();
    co_await leaving_.join();
    if (calls_.size() > 0) connection_.stop_at_reset(&gone_);
    co_await calls_.join();
    if (last_words_) {
        auto body = last_words();
        co_await send(std::move(body));
    }
    (void)co_await frames_.flush();
}

task<> frame_session::read() {
    const weir::environment& env = co_await this_env{};
    places held;
    auto frame = co_await with_timeout(hello_timeout, frames_.next());
    for (;;) {
        if (frame) {
            const std::size_t size = frame->bytes().size();
            if (large_calls::is_large(size)) {
                flow::semaphore& large = share_.large.at(connection_.loop());
                auto memory = large.try_acquire(size);
                if (!memory) memory = co_await wait_for(large, size);
                if (!memory) co_return;
                held.memory = std::move(*memory);
            }
            auto reply = take(frame->bytes(), std::exchange(held, {}));
            if (!reply.empty()) co_await send(std::move(reply));
        } else {
            nothing_came(frame.error().code(), env.stop().requested());
        }
        if (conversation_.ended()) co_return;
        auto free = in_flight_.try_acquire();
        if (!free) free = co_await wait_for(in_flight_, 1);
        if (!free) co_return;
        held.in_flight = std::move(*free);
        frame = co_await frames_.next();
    }
}

// Nothing is read meanwhile that would tell of a reset.
task<result<frame_session::permit>> frame_session::wait_for(flow::semaphore& from,
                                                            std::size_t permits) {
    connection_.stop_at_reset(&gone_);
    co_return co_await from.acquire(permits);
}

io::block_writer frame_session::take(bytes_view frame, places held) {
    auto said = call::read(frame, reader());
    if (!said) {
        end_with(std::move(said.error()));
        return new_body();
    }
    const auto what = conversation_.on(*said);
    if (!what) {
        end_with(what.error().clone());
        return new_body();
    }
    if (const auto* const greeting = std::get_if<call::hello>(&*said)) {
        if (auto good = check_token(*greeting); !good) {
            share_.metrics.refused_hello(connection_.loop().index());
            end_with(std::move(good.error()));
            return new_body();
        }
    }
    if (*what != action::begin) return say(*what, *said);
    calls_.spawn(answer(&std::get<call::request>(*said), std::move(held)), "call");
    return new_body();
}

io::block_writer frame_session::say(action what, const call::message& said) {
    switch (what) {
        case action::say_hello:
            say_hello();
            break;
        case action::say_hello_and_goodbye:
            say_hello();
            return goodbye("draining");
        case action::refuse:
            return refusal(std::get<call::request>(said));
        case action::cancel:
            cancel(std::get<call::cancel>(said).id);
            break;
        case action::begin:
        case action::say_goodbye:
        case action::nothing:
            break;
    }
    return new_body();
}

// A wrong one is told even where none is needed: whoever sends it takes it for a good one.
result<> frame_session::check_token(const call::hello& said) {
    known_ = said.token && share_.tokens.knows(*said.token);
    if (!known_ && said.token && share_.tokens.asks(true))
        return fail(errc::permission_denied, "the token is not known here");
    if (!known_ && share_.tokens.asks(false))
        return fail(errc::permission_denied, "the hello must have a token");
    return {};
}

result<> frame_session::permit_call(const served_endpoint& which) const {
    if (known_ || !share_.tokens.asks(which.config.writes())) return {};
    return fail(errc::permission_denied, "this call needs a token in the hello");
}

// Nothing has been sent before it, so there is room for it.
void frame_session::say_hello() {
    io::block_writer body = new_body();
    json::writer json{body};
    call::write_hello(call::server_hello{share_.in_flight, share_.max_frame}, json);
    auto parts = body.all_parts();
    (void)frames_.write(parts.next().value_or(bytes_view{}));
}

// No frame has come, for this reason.
void frame_session::nothing_came(errc why, bool stopped) {
    const bool gone = why == errc::reset || connection_.broken() != errc{};
    const bool slow = why == errc::timed_out && !stopped && !gone;
    const bool greeted = conversation_.greeted();
    if (slow && greeted && connection_.input().empty()) {
        const bool idle = calls_.size() == 0 && conversation_.may_leave();
        if (idle) leaving_.spawn(leave("idle"));
        return;
    }
    conversation_.end();
    // A peer that has finished sending still reads; one that is gone does not.
    if (gone) return calls_.request_stop();
    const bool finished = stopped || why == errc::end_of_stream;
    if (!finished && (greeted || !slow)) end_with(last_words_of(why));
}

void frame_session::cancel(const call::id& which) noexcept {
    if (frame_call* const running = find(which)) running->stop().request();
}

task<> frame_session::answer(const call::request* asked, places) {
    const weir::environment& env = co_await this_env{};
    const time_point began = env.now();
    frame_call call{connection_.loop().blocks(), env};
    result<db::rows> rows = fail(errc::internal);
    try {
        rows = co_await outcome(&call, asked);
    } catch (const std::bad_alloc&) {
        rows = fail(errc::out_of_memory);
    } catch (const std::exception& thrown) {
        share_.data->log().error(std::string{"a call over frames threw: "} + thrown.what());
    }
    // From now on its id may be used again.
    call.unlink();
    io::block_writer body = new_body();
    write_answer(call, rows, body);
    if (body.size() > frames_.codec().max_encoded_length()) {
        body.clear();
        rows = fail(errc::too_large, "the answer is larger than a frame may be");
        write_answer(call, rows, body);
    }
    const errc code = rows ? errc{} : rows.error().code();
    share_.metrics.answered(connection_.loop().index(), call.which(), code, env.now() - began);
    co_await send(std::move(body));
}

// The message is taken before the first wait.
task<result<db::rows>> frame_session::outcome(frame_call* call, const call::request* asked) {
    co_await or_return(call->take(*asked, *share_.data));
    // Before anything is said about its parameters.
    co_await or_return(permit_call(*call->which()));
    co_await or_return(call->take_params(*asked, reader(), share_.integers));
    if (find(call->id()) != nullptr)
        co_return fail(errc::invalid_argument, "a call with this id is in flight");
    running_.push_back(*call);
    const duration timeout = call->timeout();
    auto running = share_.data->call(call->which(), &call->with(), timeout);
    co_return co_await with_stop(call->stop(), std::move(running));
}

void frame_session::write_answer(const frame_call& call, const result<db::rows>& rows,
                                 io::block_writer& body) const {
    json::writer json{body};
    if (!rows) return call::write_error(call.id(), rows.error(), json);
    json.begin_object();
    (void)json.name("id");
    call.id().write(json);
    result_writer{json, share_.integers}.members(call.which()->config, *rows);
    json.end_object();
}

io::block_writer frame_session::refusal(const call::request& asked) const {
    const served_endpoint* const which = share_.data->find(asked.name);
    share_.metrics.answered(connection_.loop().index(), which, errc::unavailable, duration{});
    io::block_writer body = new_body();
    json::writer json{body};
    call::write_error(asked.id, error{errc::unavailable, "this connection is being left"}, json);
    return body;
}

io::block_writer frame_session::goodbye(std::string_view reason) const {
    io::block_writer body = new_body();
    json::writer json{body};
    call::write_goodbye(reason, json);
    return body;
}

io::block_writer frame_session::last_words() const {
    io::block_writer body = new_body();
    json::writer json{body};
    call::write_error({}, *last_words_, json);
    return body;
}

task<> frame_session::leave_at_drain() {
    auto drained = co_await connection_.drained();
    if (drained && conversation_.may_leave()) co_await leave("draining");
}

// Ends the reading when the peer has had time to see what it was sent.
task<> frame_session::leave(std::string_view reason) {
    if (conversation_.leave() == action::say_goodbye) {
        auto body = goodbye(reason);
        co_await send(std::move(body));
    }
    co_await calls_.join();
    auto slept = co_await sleep(leave_grace);
    if (slept) reading_.request_stop(errc::timed_out);
}

void frame_session::end_with(error why) {
    conversation_.end();
    last_words_ = std::move(why);
}

task<> frame_session::send(io::block_writer body) {
    auto parts = body.all_parts();
    const bytes_view first = parts.next().value_or(bytes_view{});
    if (first.size() == body.size()) {
        (void)co_await frames_.send(first);
        co_return;
    }
    std::string whole{as_text(first)};
    while (const auto part = parts.next()) whole += as_text(*part);
    (void)co_await frames_.send(as_bytes(whole));
}

frame_call* frame_session::find(const call::id& which) noexcept {
    frame_call* found = nullptr;
    running_.each([&](frame_call& each) {
        if (each.id() == which) found = &each;
    });
    return found;
}

}  // namespace weir::app
