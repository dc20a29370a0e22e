#include "client_link.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "weir/task/or_return.hpp"
#include "weir/task/this_env.hpp"

namespace weir::inline v0::frame {
namespace {

// A call that may be repeated is not repeated for ever: it may be what breaks the server.
constexpr unsigned most_sends = 3;

}  // namespace

client_link::client_link(client& owner, std::unique_ptr<io::transport> transport)
    : owner_{&owner},
      connection_{std::move(transport), *owner.loop_, owner.connection_options_},
      frames_{connection_},
      flushes_{owner.scope_.env(), [](const error&) {}} {}

client_link::~client_link() {
    const error why{errc::reset};
    end_calls(why);
}

task<result<>> client_link::greet() {
    const std::string hello = hello_message(owner_->options_.token);
    co_await or_return(frames_.send(as_bytes(hello)));
    const frame_view frame = co_await or_return(frames_.next());
    const server_message heard = co_await or_return(reader_.read(frame));
    if (heard.is == server_message::kind::refusal) co_return fail(heard.why->clone());
    if (heard.is != server_message::kind::hello)
        co_return fail(errc::malformed, "the peer's first message is no hello");
    // At its limit a server reads nothing, and a cancel would have to wait.
    const std::size_t allowed = std::max<std::size_t>(heard.in_flight - 1, 1);
    table_.emplace(std::min(allowed, owner_->options_.max_in_flight));
    max_frame_ = heard.max_frame;
    co_return {};
}

task<result<>> client_link::read() {
    const environment& env = co_await this_env();
    const bool was_leaving = leaving_;
    while (!leaving_ || (was_leaving && live_ > 0)) {
        const auto frame = co_await frames_.next();
        if (frame) {
            co_await or_return(take(*frame));
            continue;
        }
        const errc why = frame.error().code();
        // Nothing came for a while. Calls have deadlines of their own; what nobody waits for keeps
        // no connection.
        const bool quiet = why == errc::timed_out && connection_.input().empty();
        if (quiet && live_ > 0 && !env.stop().requested()) continue;
        ended_cleanly_ = why == errc::end_of_stream;
        co_return fail(why);
    }
    co_return {};
}

result<> client_link::take(bytes_view frame) noexcept {
    try {
        auto message = reader_.read(frame);
        if (!message) return std::unexpected{std::move(message).error()};
        switch (message->is) {
            case server_message::kind::answer:
                answered(*message, frame);
                break;
            case server_message::kind::goodbye:
                leaving_ = true;
                break;
            case server_message::kind::refusal:
                return fail(std::move(*message->why));
            case server_message::kind::hello:
                return fail(errc::malformed, "the peer said hello twice");
        }
    } catch (const std::bad_alloc&) {
        return fail(errc::out_of_memory);
    }
    return {};
}

// What is not in flight was answered before, or never asked: nobody waits for it.
void client_link::answered(const server_message& message, bytes_view frame) {
    std::optional<answer> content;
    if (!message.why) content.emplace(without_id(as_text(frame)));
    if (!leaving_) owner_->machine_.answered();
    const auto found = table_->take(message.id);
    if (found && *found != nullptr) {
        pending_call& call = **found;
        remove(call);
        // Behind a goodbye it means that the call was not begun.
        if (message.why && *message.why == errc::unavailable && leaving_)
            owner_->queue_again(call);
        else if (message.why)
            call.decide(fail(message.why->clone()));
        else
            call.decide(std::move(*content));
    }
    owner_->pump();
}

void client_link::remove(pending_call& call) noexcept {
    call.list_hook<pending_call>::unlink();
    call.link = nullptr;
    --live_;
    --owner_->in_flight_;
}

bool client_link::send(pending_call& call) noexcept {
    const std::int64_t id = table_->add(call);
    bool written = false;
    try {
        written = write_call(call, id);
    } catch (const std::bad_alloc&) {
        written = false;
    }
    if (!written) (void)table_->take(id);
    return written;
}

bool client_link::write_call(pending_call& call, std::int64_t id) {
    const std::string message = call_message(id, call.text(), call.time_left());
    const std::uint64_t offset = connection_.sent_bytes() + connection_.unsent();
    auto written = message.size() > max_frame_ ? result<>{fail(errc::too_large)}
                                               : frames_.write(as_bytes(message));
    if (!written && written.error() != errc::too_large) return false;
    if (!written) {
        // Before it leaves the queue, since there may be no memory for it.
        auto refusal = fail(errc::too_large, "the call is larger than the server takes");
        owner_->dequeue(call);
        (void)table_->take(id);
        call.decide(std::move(refusal));
        return true;
    }
    owner_->dequeue(call);
    call.link = this;
    call.id = id;
    call.offset = offset;
    ++call.times_sent;
    sent_.push_back(call);
    ++live_;
    ++owner_->in_flight_;
    return true;
}

void client_link::flush() noexcept {
    connection_.flush_soon();
    if (writable() || flushing_) return;
    flushing_ = true;
    try {
        flushes_.spawn(flush_and_go_on(), "send calls");
    } catch (const std::bad_alloc&) {
        flushing_ = false;  // the next answer goes on
    }
}

task<> client_link::flush_and_go_on() {
    const auto flushed = co_await frames_.flush();
    flushing_ = false;
    if (flushed) owner_->pump();
}

void client_link::cancel(pending_call& call) noexcept {
    table_->abandon(call.id);
    const std::int64_t id = call.id;
    remove(call);
    // Where that fails the server ends the call at the deadline that it was told.
    if (write_cancel(id)) connection_.flush_soon();
    if (leaving_ && live_ == 0) connection_.drain();
}

result<> client_link::write_cancel(std::int64_t id) noexcept {
    try {
        const std::string message = cancel_message(id);
        return frames_.write(as_bytes(message));
    } catch (const std::bad_alloc&) {
        return fail(errc::out_of_memory);
    }
}

// A stream that ends behind a goodbye has answered everything that the server began.
bool client_link::not_begun(const pending_call& call) const noexcept {
    return (leaving_ && ended_cleanly_) || connection_.sent_bytes() <= call.offset;
}

void client_link::end_calls(const error& why) noexcept {
    while (pending_call* call = sent_.try_pop_back()) {
        remove(*call);
        const bool safe = not_begun(*call);
        const bool repeatable = call->options().idempotent && call->times_sent < most_sends;
        call->maybe_executed = call->maybe_executed || !safe;
        if (safe || repeatable)
            owner_->queue_again(*call);
        else
            call->decide(fail(owner_->refusal(*call, why)));
    }
}

}  // namespace weir::inline v0::frame
