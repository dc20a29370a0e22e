#include "client_exchange.hpp"

#include <algorithm>
#include <utility>

#include "weir/base/asan.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/with_stop.hpp"
#include "weir/task/with_timeout.hpp"

#include "listed.hpp"

namespace weir::inline v0::http {
namespace {

// What may wait to be sent of a body before its writer waits.
constexpr std::size_t high_water = std::size_t{64} * 1024;

constexpr std::string_view responses_end = "the response's end";

constexpr std::string_view taken_slowly = "the server takes the request too slowly";

bool is_stopped(const environment& env) noexcept { return env.stop().requested(); }

}  // namespace

// A wait for room in the output, which whatever arrives ends.
class client_exchange::writing {
public:
    writing(client_exchange& of, const environment& env) noexcept : of_{of}, stop_{env.stop()} {
        of_.writer_ = &stop_;
    }
    writing(const writing&) = delete;
    writing& operator=(const writing&) = delete;
    ~writing() { of_.writer_ = nullptr; }

    stop_node& stop() noexcept { return stop_; }

private:
    client_exchange& of_;
    stop_node stop_;
};

result<> client_exchange::begin(const sent_head& request) {
    const std::size_t size = request.encode({});
    if (size > io::block_size)
        return fail(errc::too_large, "the request's head is larger than 16 KiB");
    request.encode(connection_.reserve(size));
    received_before_ = connection_.received_bytes();
    sent_before_ = connection_.sent_bytes();
    connection_.commit(size);
    protocol_ = request.protocol();
    machine_.expect(request.asked(), !protocol_.empty());
    begun_ = true;
    return {};
}

// Reads what has come, up to the final head and no further.
result<> client_exchange::look() {
    while (!headed_) {
        const action step = machine_.next(connection_.input(), head_);
        if (step.what == action::kind::need_more) return {};
        if (step.what != action::kind::head) return fail(rejection(step));
        if (is_interim(head_.status()) && !machine_.switched()) {
            wanted_ = wanted_ || head_.status() == status::continue_;
            interim_bytes_ += step.consumed;
            if (interim_bytes_ > options_.limits.max_field_bytes)
                return fail(give_up(errc::bad_response),
                            "the server does not come to its response");
        } else {
            head_bytes_ = connection_.keep();
            pace_.emplace(duration::max(), options_.body_timeout,
                          std::max<std::uint64_t>(1, options_.min_body_bytes));
            headed_ = true;
        }
        if (machine_.switched()) {
            if (auto left = leave_http(step.consumed); !left) return left;
        }
        connection_.consume(step.consumed);
    }
    return {};
}

// What comes from here on is received by whoever speaks the other protocol. That may last, so that
// the head does not stay where it came: it would keep a slab of its loop.
result<> client_exchange::leave_http(std::size_t head_bytes) {
    if (!sent_)
        return fail(give_up(errc::bad_response),
                    "the server leaves HTTP before it has the whole request");
    const bool agreed = head_.version() == version::http_1_1 &&
                        lists(head_.fields(), "connection", "upgrade") &&
                        lists(head_.fields(), "upgrade", protocol_);
    if (!agreed)
        return fail(give_up(errc::bad_response), "the server speaks a protocol nobody asked for");
    arrivals_.stop();
    const std::string_view came = as_text(connection_.input().first(head_bytes));
    copy_ = fence::copy(came);
    head_.rebase(came.data(), copy_.data());
    head_bytes_ = {};
    ended_ = all_read_ = true;
    return {};
}

error client_exchange::rejection(const action& step) {
    if (step.what != action::kind::reject) return error{give_up(errc::closed)};
    return {give_up(errc::bad_response),
            "the server's response is refused: " + std::string{describe(step.why)}};
}

// Nothing more is read, and so nothing written; who waits to write is to look.
errc client_exchange::give_up(errc why) noexcept {
    heard();
    return over_ = why;
}

// A wait for the server has failed.
error client_exchange::lost(errc why, const environment& env) {
    if (why == errc::end_of_stream) machine_.end_of_stream();
    // What stops the reader is not what its writer is to be told.
    give_up(split_ && is_stopped(env) ? errc::closed : why);
    if (why != errc::timed_out || is_stopped(env)) return error{why};
    if (connection_.broken() == errc::timed_out) return {why, std::string{taken_slowly}};
    return {why, headed_ ? "the server sends its response's body too slowly"
                         : "the server did not respond in time"};
}

// What was written of the request does not leave. Who reads finds out behind what has arrived.
error client_exchange::stuck(errc why, const environment& env) {
    if (!split_) over_ = why;
    if (why == errc::timed_out && !is_stopped(env)) return {why, std::string{taken_slowly}};
    return error{why};
}

task<result<>> client_exchange::wait_for_continue() {
    const environment& env = co_await this_env();
    connection_.start_flush();
    const time_point until = after(env.now(), options_.continue_timeout);
    for (;;) {
        co_await or_return(look());
        if (headed_ || wanted_) co_return {};
        auto came = co_await with_deadline(until, arrivals_.more());
        if (came) continue;
        const errc why = came.error().code();
        if (why == errc::timed_out && !is_stopped(env)) co_return {};
        co_return fail(lost(why, env));
    }
}

bool client_exchange::try_send(bytes_view part) {
    return connection_.unsent() + part.size() <= high_water && connection_.write(part);
}

result<> client_exchange::may_write() {
    if (over_ != errc{}) return fail(over_);
    if (connection_.broken() != errc{}) return fail(connection_.broken());
    return {};
}

task<result<bool>> client_exchange::send(bytes_view part) {
    const environment& env = co_await this_env();
    for (;;) {
        // Who reads the response looks at what comes.
        const bool listens = !split_;
        if (listens) co_await or_return(look());
        if (listens && headed_) co_return false;
        if (!listens) co_await or_return(may_write());
        if (part.empty()) co_return true;
        if (listens && !arrivals_.start()) {
            if (arrivals_.failed() == errc{}) continue;
            co_return fail(lost(arrivals_.failed(), env));
        }
        if (connection_.unsent() >= high_water) {
            co_await or_return(make_room());
            continue;
        }
        const std::size_t size = std::min(part.size(), high_water - connection_.unsent());
        connection_.write(part.first(size));
        part = part.subspan(size);
        if (split_) written_ = env.now();
    }
}

// What has arrived over a connection that is lost may still be read.
void client_exchange::abandon() noexcept {
    if (connection_.broken() != errc{}) return;
    if (over_ == errc{}) over_ = errc::closed;
    connection_.abort();
}

void client_exchange::writer_left(bool in_order) noexcept {
    has_writer_ = false;
    if (!in_order) abandon();
}

// Its request goes on behind a response that has come whole.
void client_exchange::reader_left() noexcept {
    const bool readable = over_ == errc{} && headed_ && !arrivals_.under_way();
    if (!ended_ && (!readable || !skip_arrived())) abandon();
}

// False where more of the response is to come, or it breaks the rules.
bool client_exchange::skip_arrived() noexcept {
    while (!ended_) {
        const action step = look_further(responses_end);
        take(step);
        if (step.what != action::kind::body && step.what != action::kind::end) return false;
    }
    connection_.consume(std::exchange(unconsumed_, 0));
    return true;
}

// What is written was copied, so leaving the wait leaves the connection whole.
task<result<>> client_exchange::make_room() {
    const environment& env = co_await this_env();
    if (env.scheduler().did_enough()) co_await yield();
    env.scheduler().did_at_once();
    writing waits{*this, env};
    auto sent = co_await with_stop(waits.stop(), connection_.flush());
    if (sent || (waits.stop().requested() && !is_stopped(env))) co_return {};
    co_return fail(stuck(sent.error().code(), env));
}

task<result<>> client_exchange::flush() {
    const environment& env = co_await this_env();
    auto sent = co_await connection_.flush();
    if (!sent) co_return fail(stuck(sent.error().code(), env));
    co_return {};
}

task<result<>> client_exchange::read_head() {
    const environment& env = co_await this_env();
    connection_.start_flush();
    const time_point begun = env.now();
    for (;;) {
        co_await or_return(look());
        if (headed_) co_return {};
        const time_point until = after(std::max(begun, written_), options_.head_timeout);
        auto came = co_await with_deadline(until, arrivals_.more());
        if (came || writes_on(came.error().code(), env)) continue;
        co_return fail(lost(came.error().code(), env));
    }
}

// The time was over, but what is written of the request meanwhile gives more.
bool client_exchange::writes_on(errc why, const environment& env) const noexcept {
    return split_ && why == errc::timed_out && arrivals_.failed() == errc{} && !is_stopped(env) &&
           env.now() < after(written_, options_.head_timeout);
}

// What it answers has to be taken before it looks again.
action client_exchange::look_further(const fence::place& at) noexcept {
    const fence::naming given_up{handed_out_, at};
    // It may lie behind its head, which is pinned; what is being collected is needed still.
    if (collected_.empty()) poison(connection_.input().data(), unconsumed_);
    connection_.consume(std::exchange(unconsumed_, 0));
    return machine_.next(connection_.input(), head_);
}

void client_exchange::take(const action& step) noexcept {
    if (step.what == action::kind::body) {
        unconsumed_ = step.consumed;
    } else {
        connection_.consume(step.consumed);
    }
    if (step.what == action::kind::end) ended_ = true;
}

task<result<bytes_view>> client_exchange::read(place at) {
    if (over_ != errc{}) co_return fail(over_);
    while (!ended_) {
        const action step = look_further(at);
        result<> kept;
        if (step.what == action::kind::end)
            kept = trailers_.keep(step.body, connection_.loop().blocks());
        take(step);
        if (!kept) co_return fail(give_up(kept.error().code()));
        switch (step.what) {
            case action::kind::body:
                handed_out_ = at;
                co_return step.body;
            case action::kind::need_more:
                co_await or_return(fill());
                break;
            case action::kind::head:
            case action::kind::end:
                break;
            case action::kind::reject:
            case action::kind::closed:
                co_return fail(rejection(step));
        }
    }
    co_return bytes_view{};
}

// More of the body, or the end of a stream that ends it.
task<result<>> client_exchange::fill() {
    const environment& env = co_await this_env();
    if (env.scheduler().did_enough()) co_await yield();
    for (;;) {
        const time_point before = env.now();
        const std::uint64_t received = connection_.received_bytes();
        const duration patience = pace_->patience();
        auto came = co_await with_timeout(patience, arrivals_.more());
        const bool quick =
            pace_->waited(env.now() - before, connection_.received_bytes() - received);
        if (came) co_return {};
        const errc why = came.error().code();
        // Sooner: the server misses the rate that the connection asks for.
        const bool ours = env.now() - before >= patience;
        if (why == errc::timed_out && !is_stopped(env) && quick && ours) continue;
        if (why == errc::end_of_stream &&
            machine_.end_of_stream() == response_machine::ending::clean) {
            co_return {};
        }
        co_return fail(lost(why, env));
    }
}

// One piece is kept where it is; a second one makes it a copy, which grows with what arrives.
task<result<bytes_view>> client_exchange::all(std::size_t limit) {
    const bool known = machine_.now() == response_machine::state::reading_body;
    if (known && *head_.content_length() - machine_.body_received() > limit)
        co_return fail(errc::bad_response, "the response's body is larger than what is collected");
    while (!all_read_) {
        const bytes_view piece = co_await or_return(read());
        if (piece.empty()) {
            all_read_ = true;
        } else {
            co_await or_return(collect(piece, limit));
        }
    }
    co_return collected_;
}

result<> client_exchange::collect(bytes_view piece, std::size_t limit) {
    if (piece.size() > limit - std::min(limit, collected_.size()))
        return fail(errc::bad_response, "the response's body is larger than what is collected");
    if (collected_.empty()) {
        collected_ = piece;
        first_piece_ = connection_.keep();
        return {};
    }
    if (copy_.empty()) copy_ = fence::copy(as_text(collected_));
    first_piece_ = {};
    copy_ += as_text(piece);
    collected_ = as_bytes(std::string_view{copy_});
    return {};
}

task<result<std::string>> client_exchange::text(std::size_t limit) {
    const bytes_view whole = co_await or_return(all(limit));
    co_return std::string{as_text(whole)};
}

bool client_exchange::settle() noexcept {
    if (!begun_) return true;
    if (!sent_ || !headed_ || over_ != errc{} || arrivals_.under_way()) return false;
    if (!skip_arrived()) return false;
    const bool reusable = machine_.persists() && machine_.idle() && connection_.input().empty() &&
                          connection_.broken() == errc{};
    if (reusable) forget();
    return reusable;
}

void client_exchange::forget() noexcept {
    const fence::naming ended{std::string_view{"http::client_response"}, responses_end};
    head_bytes_ = first_piece_ = {};
    collected_ = {};
    // An assignment would keep the memory.
    fence::string{}.swap(copy_);
    trailers_.forget();
    head_.end_fields();
    pace_.reset();
    interim_bytes_ = 0;
    written_ = {};
    begun_ = sent_ = split_ = has_writer_ = wanted_ = headed_ = ended_ = all_read_ = false;
}

}  // namespace weir::inline v0::http
