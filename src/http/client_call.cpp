#include "client_call.hpp"

#include <utility>

#include "weir/http/chunk_prefix.hpp"
#include "weir/task/or_return.hpp"

namespace weir::inline v0::http {
namespace {

// RFC 9110 section 9.2.2.
bool is_idempotent(method which) noexcept {
    return which != method::post && which != method::patch && which != method::connect;
}

}  // namespace

task<result<client_response>> client_call::ask(const client_request* body) {
    auto answer = co_await attempt(body);
    if (!answer && worth_another(answer.error().code())) {
        client_.metrics().retried();
        link_.reset();
        client_.close_resting();
        answer = co_await attempt(body);
    }
    if (!answer) co_return fail(explained(std::move(answer).error(), link_));
    co_return answer;
}

task<result<client_response>> client_call::attempt(const client_request* body) {
    co_await or_return(open());
    co_await or_return(send_body(body));
    if (!refused_) link_->exchange().end_request();
    co_await or_return(link_->exchange().read_head());
    co_return answered(std::move(link_));
}

task<result<>> client_call::open() {
    left_ = head_.size_of_body().value_or(0);
    refused_ = false;
    link_ = client_link::hold(co_await or_return(client_.links().acquire()));
    co_await or_return(link_->begin(head_));
    if (head_.expects_continue()) co_await or_return(link_->exchange().wait_for_continue());
    co_return {};
}

task<result<>> client_call::send_body(const client_request* body) {
    if (body == nullptr || !head_.has_body()) co_return {};
    // While there is room, no answer that comes early is looked for.
    const bool may_go = !head_.expects_continue();
    auto parts = body->body();
    while (const auto part = parts.next()) {
        if (may_go && link_->exchange().try_send(*part)) continue;
        co_await or_return(send(*part));
    }
    left_ = 0;
    co_return {};
}

task<result<>> client_call::send(bytes_view part) {
    if (refused_) co_return {};
    const bool wanted = co_await or_return(link_->exchange().send(part));
    refused_ = !wanted;
    co_return {};
}

client_response client_call::answered(client_hold from) {
    const client_exchange& exchange = from->exchange();
    if (exchange.left_http()) from->leave_http();
    const duration took = client_.loop().read_clock() - begun_;
    if (!std::exchange(counted_, true)) client_.metrics().answered(exchange.head().status(), took);
    return client_response{std::move(from)};
}

task<result<>> client_call::begin() {
    auto opened = co_await open();
    if (!opened) co_return fail(lost(std::move(opened).error()));
    link_->exchange().flush_soon();
    co_return {};
}

task<result<>> client_call::write(bytes_view piece) {
    if (!link_ || ended_) co_return fail(errc::closed);
    if (!head_.chunked() && piece.size() > left_)
        co_return fail(errc::invalid_argument, "the body is larger than was announced");
    if (piece.empty()) co_return {};
    auto sent = co_await send_piece(piece);
    if (!sent) co_return fail(lost(std::move(sent).error()));
    if (refused_) co_return fail(errc::closed);
    link_->exchange().flush_soon();
    co_return {};
}

task<result<>> client_call::send_piece(bytes_view piece) {
    if (!head_.chunked()) {
        left_ -= piece.size();
        co_return co_await send(piece);
    }
    const chunk_prefix prefix{piece.size()};
    co_await or_return(send(as_bytes(prefix.text())));
    co_await or_return(send(piece));
    co_return co_await send(as_bytes(chunk_end));
}

task<result<>> client_call::end() {
    if (!link_ || ended_) co_return fail(errc::closed);
    if (!refused_ && left_ > 0)
        co_return fail(errc::invalid_argument, "the body is smaller than was announced");
    if (head_.chunked() || asked_) {
        const bytes_view last = as_bytes(head_.chunked() ? last_chunk : std::string_view{});
        auto sent = co_await send(last);
        if (!sent) co_return fail(lost(std::move(sent).error()));
    }
    if (!refused_) link_->exchange().end_request();
    if (asked_) co_return co_await leave();
    link_->exchange().flush_soon();
    ended_ = true;
    co_return {};
}

// Whoever reads may have gone, and nobody else would see to what is unsent.
task<result<>> client_call::leave() {
    auto sent = co_await link_->exchange().flush();
    if (!sent) co_return fail(lost(std::move(sent).error()));
    ended_ = true;
    let_go();
    co_return {};
}

// Before the end of the body its writer holds the connection, too.
task<result<client_response>> client_call::response() {
    if (!link_ || asked_) co_return fail(errc::closed);
    asked_ = true;
    const bool writes_on = !ended_ && !refused_ && !link_->exchange().headed();
    if (writes_on) link_->exchange().split();
    client_hold reads = writes_on ? link_->share() : std::move(link_);
    auto head = co_await reads->exchange().read_head();
    if (!head) co_return fail(explained(std::move(head).error(), reads));
    co_return answered(std::move(reads));
}

task<result<client_response>> client_call::finish() {
    co_await or_return(end());
    co_return co_await response();
}

// RFC 9112 section 9.3.1: it may be that the server closed the connection while it rested, and
// never saw the request. On a fresh one that cannot be.
bool client_call::worth_another(errc why) const noexcept {
    return is_lost(why, link_) && link_->reused() && link_->exchange().unanswered() &&
           is_idempotent(head_.asked());
}

// The request has begun, and its connection is gone.
bool client_call::is_lost(errc why, const client_hold& link) noexcept {
    return link && link->exchange().begun() && (why == errc::end_of_stream || why == errc::reset);
}

// What a failure means for the request.
error client_call::explained(error why, const client_hold& link) {
    if (is_lost(why.code(), link)) {
        const bool safe = is_idempotent(head_.asked()) || link->exchange().unsent();
        error told{safe ? errc::unavailable : errc::outcome_unknown,
                   counted_ ? "the connection was lost amid the request"
                   : safe   ? "the connection was lost before the request was answered"
                            : "the connection was lost; the request may have been executed"};
        why = std::move(told).because(std::move(why));
    }
    if (!std::exchange(counted_, true)) client_.metrics().failed(why.code());
    return why;
}

// Its writer can do no more.
error client_call::lost(error why) {
    error told = explained(std::move(why), link_);
    let_go();
    return told;
}

void client_call::let_go() noexcept {
    if (link_ && link_->exchange().has_writer()) link_->exchange().writer_left(ended_);
    link_.reset();
}

}  // namespace weir::inline v0::http
