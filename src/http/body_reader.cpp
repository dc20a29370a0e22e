#include "body_reader.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <new>
#include <utility>

#include "weir/base/asan.hpp"
#include "weir/http/chunk_prefix.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"

namespace weir::inline v0::http {

void body_reader::begin(net::connection& connection, request_machine& machine, request_head& head,
                        const server_options& options) noexcept {
    connection_ = &connection;
    machine_ = &machine;
    head_ = &head;
    pace_.emplace(options);
    unasked_ = head.expects_continue();
    complete_ = all_here_ = all_read_ = false;
    seen_ = 0;
    how_ = ending::none;
    why_ = violation::none;
}

void body_reader::forget_collected() noexcept {
    collected_ = {};
    first_piece_ = {};
    block_ = {};
    // An assignment would keep the memory.
    fence::string{}.swap(copy_);
}

// What it answers has to be taken before the next look.
action body_reader::look(const fence::place& at) noexcept {
    if (unconsumed_ > 0) {
        const fence::naming given_up{handed_out_, at};
        // It may lie behind its head, which is pinned; what is being collected is needed still.
        if (collected_.empty()) poison(connection_->input().data(), unconsumed_);
        connection_->consume(std::exchange(unconsumed_, 0));
    }
    return machine_->next(connection_->input(), *head_);
}

void body_reader::take(const action& step) noexcept {
    if (step.what == action::kind::body) {
        unconsumed_ = step.consumed;
    } else if (step.consumed > 0) {
        connection_->consume(step.consumed);
    }
    if (step.what == action::kind::end) complete_ = true;
    if (step.what == action::kind::reject) {
        why_ = step.why;
        how_ = ending::violation;
    }
}

task<result<bytes_view>> body_reader::next(place at) {
    if (how_ != ending::none) co_return fail(errc::closed);
    while (!complete_) {
        const action step = look(at);
        result<> kept;
        if (step.what == action::kind::end)
            kept = trailers_.keep(step.body, connection_->loop().blocks());
        take(step);
        co_await or_return(std::move(kept));
        if (step.what == action::kind::body) {
            handed_out_ = at;
            co_return step.body;
        }
        if (step.what == action::kind::reject) {
            const bool large = step.why == violation::body_too_large;
            co_return fail(end_with(ending::violation, large ? errc::too_large : errc::malformed));
        }
        if (step.what == action::kind::need_more) co_await or_return(fill());
    }
    co_return bytes_view{};
}

task<result<bytes_view>> body_reader::all() {
    if (all_read_) co_return collected_;
    for (;;) {
        const bytes_view piece = co_await or_return(next());
        if (piece.empty()) break;
        collect(piece);
    }
    all_read_ = true;
    co_return collected_;
}

// One piece is kept where it is. With a second one they are copied: into a block of the loop where
// all of it fits into one, else into a string, which grows with what arrives.
void body_reader::collect(bytes_view piece) {
    if (collected_.empty()) {
        collected_ = piece;
        first_piece_ = connection_->keep();
        return;
    }
    const std::size_t size = collected_.size() + piece.size();
    if (copy_.empty() && head_->content_length().value_or(size) <= io::block_size &&
        size <= io::block_size) {
        if (!block_) {
            block_ = connection_->loop().blocks().take();
            std::ranges::copy(collected_, block_.memory().begin());
            first_piece_ = {};
        }
        std::ranges::copy(piece, block_.memory().begin() + std::ssize(collected_));
        collected_ = block_.memory().first(size);
        return;
    }
    if (copy_.empty()) copy_ = fence::copy(as_text(collected_));
    block_ = {};
    first_piece_ = {};
    copy_ += as_text(piece);
    collected_ = as_bytes(std::string_view{copy_});
}

task<result<>> body_reader::fill() {
    net::connection& connection = *connection_;
    if (std::exchange(unasked_, false) && connection.input().empty()) {
        connection.write(as_bytes(continue_response));
    }
    // The peer may be waiting for answers to earlier requests before it sends more.
    connection.start_flush();
    const environment& env = co_await this_env{};
    if (env.scheduler().did_enough()) co_await yield();
    for (;;) {
        const time_point before = env.now();
        const std::uint64_t received = connection.received_bytes();
        const time_point until = after(before, pace_->patience());
        connection.set_read_deadline(until);
        const auto got = co_await connection.fill();
        const bool quick =
            pace_->waited(env.now() - before, connection.received_bytes() - received);
        if (!quick) co_return fail(end_with(ending::too_slow, errc::timed_out));
        if (got) co_return result<>{};
        const bool stopped = env.stop().requested();
        // Sooner: it misses the rate that the connection asks for.
        if (got.error() == errc::timed_out && !stopped && env.now() >= until) continue;
        co_return fail(fill_failed(got.error().code()));
    }
}

error body_reader::fill_failed(errc code) noexcept {
    // The request's own deadline has passed, and what it was waiting for was the peer.
    if (code == errc::timed_out) return end_with(ending::too_slow, code);
    if (code == errc::end_of_stream) machine_->end_of_stream();
    return end_with(ending::gone, code);
}

error body_reader::end_with(ending how, errc code) noexcept {
    how_ = how;
    if (handler_ != nullptr) handler_->request(errc::canceled);
    return error{code};
}

bool body_reader::awaits_more() noexcept {
    if (complete_ || all_here_ || how_ != ending::none) return false;
    if (machine_->now() == request_machine::state::complete) return false;
    if (!head_->chunked()) return lacks_more_than(0);
    // While nobody reads it is looked through once.
    const std::uint64_t received = connection_->received_bytes();
    if (received == seen_) return true;
    seen_ = received;
    all_here_ = behind_chunks(here()) != action::kind::need_more;
    return !all_here_;
}

void body_reader::notice_end() noexcept {
    if (!awaits_more()) return;
    const auto coming = connection_->left_before_end();
    if (!coming) return;
    const bool early = head_->chunked() ? chunks_end_early(*coming) : lacks_more_than(*coming);
    if (early) (void)end_with(ending::gone, errc::end_of_stream);
}

// Once for a request, unless memory is short. How much may be to come, and be copied, is bounded by
// what a socket receives ahead; how much of it is looked through, by the limit of the body, too.
bool body_reader::chunks_end_early(std::size_t coming) noexcept {
    std::unique_ptr<std::byte[]> copy;
    bytes_view all = here();
    if (coming > 0) {
        const std::size_t size = all.size() + coming;
        copy.reset(new (std::nothrow) std::byte[size]);
        if (!copy) return false;
        std::ranges::copy(all, copy.get());
        if (connection_->peek({copy.get() + all.size(), coming}) != coming) return false;
        all = {copy.get(), size};
    }
    all_here_ = behind_chunks(all) != action::kind::need_more;
    return !all_here_;
}

// Of a body of known length.
bool body_reader::lacks_more_than(std::size_t coming) const noexcept {
    const std::size_t there = connection_->unread() - unconsumed_ + coming;
    return head_->content_length().value_or(0) - machine_->body_received() > there;
}

// What the machine is to come to behind these chunks: a copy of it looks ahead.
action::kind body_reader::behind_chunks(bytes_view pieces) const noexcept {
    request_machine ahead{*machine_};
    for (;;) {
        const action step = ahead.next(pieces, *head_);
        if (step.what != action::kind::body) return step.what;
        pieces = pieces.subspan(step.consumed);
    }
}

bool body_reader::has_arrived() const noexcept {
    if (complete_ || machine_->now() == request_machine::state::complete) return true;
    return head_->chunked() ? behind_chunks(here()) == action::kind::end : !lacks_more_than(0);
}

bool body_reader::skip() noexcept {
    while (!complete_ && how_ == ending::none) {
        const action step = look(handlers_end);
        take(step);
        if (step.what == action::kind::need_more) return false;
    }
    return true;
}

bool body_reader::worth_draining(std::size_t limit) const noexcept {
    return head_->content_length() && !unasked_ && !lacks_more_than(limit);
}

}  // namespace weir::inline v0::http
