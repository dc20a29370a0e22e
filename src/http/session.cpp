#include "session.hpp"

#include <new>
#include <string>
#include <utility>

#include "weir/http/error_response.hpp"
#include "weir/http/percent.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"

#include "send_limits.hpp"

namespace weir::inline v0::http {
namespace {

// How many batches one connection gets in a turn of its loop before others do.
constexpr unsigned most_batches = 16;

response answer_to(violation why) {
    const status answer = status_of(why);
    return problem(answer, reason_phrase(answer), describe(why));
}

}  // namespace

std::optional<task<>> session::serve_batch(const environment& env) {
    rests_ = false;
    loop_share::lease borrowed = share_.borrow(rest_, env);
    const obstacle met = overstays() ? obstacle::others : serve_on(*borrowed);
    if (met == obstacle::end) return std::nullopt;
    return overcome(std::move(borrowed), met);
}

// As far as it goes without waiting. What was answered is counted before it leaves.
session::obstacle session::serve_on(exchange& current) {
    obstacle met = obstacle::none;
    while (met == obstacle::none) met = serve_next(current);
    share_.metrics().count_answers();
    if (met != obstacle::input) return met;
    connection_.start_flush();
    return rest(current) ? obstacle::end : met;
}

session::obstacle session::serve_next(exchange& current) {
    if (connection_.unsent() > most_gathered) return obstacle::output;
    const action step = current.machine.next(connection_.input(), current.request.head_);
    if (step.what == action::kind::need_more) return obstacle::input;
    if (step.what == action::kind::head) return serve_request(current, step.consumed);
    return advance(current, step) ? obstacle::none : obstacle::end;
}

task<> session::overcome(loop_share::lease borrowed, obstacle what) {
    exchange& current = *borrowed;
    for (; what != obstacle::end; what = serve_on(current)) {
        if (what == obstacle::others) {
            co_await yield();
        } else if (what == obstacle::input) {
            if (auto more = co_await read_more(current); !more) co_return;
        } else if (what == obstacle::output) {
            if (auto sent = co_await connection_.flush(); !sent) co_return;
        } else if (what == obstacle::handler) {
            co_await current.call->end();
            end_call(current);
            what = answer_handled(current);
        } else if (what == obstacle::rest) {
            // Its end may have come, and the loop not have heard of it.
            co_await yield();
            what = answer_handled(current);
        }
        if (what == obstacle::answer) {
            if (auto sent = co_await send_large(current); !sent) co_return;
            what = finish(current);
            share_.metrics().count_answers();
        }
        if (what == obstacle::successor) co_await hand_over(&borrowed);
        if (what == obstacle::successor || what == obstacle::end) co_return;
    }
}

session::obstacle session::serve_request(exchange& current, std::size_t head_bytes) {
    const route* const to = open(current, head_bytes);
    if (to == nullptr) return answer(current);
    if (!handle(current, *to)) return obstacle::handler;
    return current.body.awaits_more() ? obstacle::rest : answer(current);
}

// False where it waits for something.
bool session::handle(exchange& current, const route& to) {
    try {
        if (const auto* const at_once = to.at_once()) {
            keep(current, (*at_once)(current.request));
            return true;
        }
        share_.metrics().count_answers();  // it may take long, or send what is written
        if (!current.call.emplace(to, current, share_).start()) return false;
    } catch (...) {
        handler_threw(current, std::current_exception());
        return true;
    }
    end_call(current);
    return true;
}

// Takes the answer of a handler that has ended.
void session::end_call(exchange& current) {
    try {
        keep(current, current.call->take());
    } catch (...) {
        handler_threw(current, std::current_exception());
    }
    current.call.reset();
}

// The handler has ended, and its peer may have, too, since anybody has looked.
session::obstacle session::answer_handled(exchange& current) {
    current.body.notice_end();
    const obstacle met = answer(current);
    share_.metrics().count_answers();
    return met;
}

session::obstacle session::answer(exchange& current) {
    if (!settle(current)) return obstacle::end;
    if (current.answer->switches() != nullptr) return obstacle::successor;
    return write_small(current) ? finish(current) : obstacle::answer;
}

// Null where the answer is known already.
const route* session::open(exchange& current, std::size_t head_bytes) {
    current.head_bytes = connection_.keep();
    connection_.consume(head_bytes);
    connection_.set_in_message(true);
    current.request.identify(share_.next_number(), share_.numbers());
    current.body.begin(connection_, current.machine, current.request.head_, share_.options());
    current.begun = share_.loop().now();
    const route* const to = choose(current);
    current.env->scheduler().runs(current.whose());
    return to != nullptr && admit(current, *to) ? to : nullptr;
}

const route* session::choose(exchange& current) {
    request& asked = current.request;
    const route_table& routes = share_.routes();
    route_table::found found;
    found.which = routes.find_literal(asked.method(), asked.path());
    // A literal path has no escapes; what follows it may.
    if (found.which == nullptr || !asked.query().empty()) {
        if (!has_sound_escapes(asked.head_.target().text())) return refuse_escapes(current);
    }
    if (found.which == nullptr) {
        found = routes.find(asked.method(), asked.path(), asked.texts_, asked.params_);
        if (found.which == nullptr) found.which = &routes.otherwise();
    }
    asked.route_ = found.which;
    asked.allowed_ = found.allowed;
    if (current.machine.limit_body(found.which->limits)) return found.which;
    current.machine.close_after_this();
    current.answer = answer_to(violation::body_too_large);
    share_.metrics().rejected(to_string(violation::body_too_large));
    return nullptr;
}

const route* session::refuse_escapes(exchange& current) {
    current.answer = problem(status::bad_request, "Bad Request",
                             "The request target has a % that begins no escape.");
    return nullptr;
}

bool session::admit(exchange& current, const route& to) {
    if (current.enter(share_.in_flight(), to, share_.metrics().in_flight())) return true;
    current.answer = http::answer_to(errc::overloaded);
    share_.metrics().rejected("overloaded");
    return false;
}

// What was canceled is not answered.
void session::keep(exchange& current, result<response>&& outcome) {
    if (!outcome) {
        if (outcome.error() != errc::canceled) current.answer = http::answer_to(outcome.error());
    } else if (outcome->switches() != nullptr) {
        offer(current, std::move(*outcome));
    } else if (is_interim(outcome->status())) {
        current.answer = problem(status::internal_server_error);
    } else {
        current.answer.emplace(std::move(*outcome));
    }
}

void session::handler_threw(exchange& current, const std::exception_ptr& thrown) {
    share_.metrics().threw();
    std::string_view text = "an exception of an unknown type";  // thrown keeps it
    try {
        std::rethrow_exception(thrown);
    } catch (const std::bad_alloc&) {
        current.answer = http::answer_to(errc::out_of_memory);
        return;
    } catch (const std::exception& exception) {
        text = exception.what();
    } catch (...) {
        current.answer.reset();
    }
    current.answer = problem(status::internal_server_error);
    share_.threw(current.request, connection_, text);
}

// False where nobody is to be answered.
bool session::settle(exchange& current) {
    if (!current.streams()) current.leave();
    if (!settle_body(current) || !current.answer) return false;
    if (current.answer->switches() != nullptr && !current.body.complete()) refuse_switch(current);
    if (connection_.draining()) current.machine.close_after_this();
    return true;
}

// What the peer did wrong while the handler ran goes before the handler's answer; what it does
// wrong behind that only ends the connection.
bool session::settle_body(exchange& current) {
    body_reader& body = current.body;
    const bool reset = connection_.broken() == errc::reset;
    if (body.how() == body_reader::ending::none && !reset) {
        // A writer may read on.
        const bool whole = current.streams() ? body.has_arrived() : body.skip() && body.complete();
        if (!whole && !body.worth_draining(share_.options().unread_body_limit)) {
            current.machine.close_after_this();
        }
        return true;
    }
    current.machine.close_after_this();
    if (reset || body.how() == body_reader::ending::gone) {
        share_.metrics().rejected("peer_gone");
        return false;
    }
    const bool slow = body.how() == body_reader::ending::too_slow;
    share_.metrics().rejected(slow ? "slow_body" : to_string(body.why()));
    current.answer = slow ? problem(status::request_timeout) : answer_to(body.why());
    return true;
}

// The answer has been written.
session::obstacle session::finish(exchange& current) {
    const route* const to = current.request.route_;
    share_.metrics().answered(to == nullptr ? 0 : to->number, current.answer->status(),
                              current.begun);
    current.answered = true;
    current.answer.reset();
    current.env->runs();  // what is left of it is the connection's
    current.unpin();
    (void)current.body.skip();  // what its writer has left
    if (current.body.complete()) {
        connection_.set_in_message(false);
        current.clear();
    }
    return current.machine.persists() ? obstacle::none : obstacle::end;
}

// A step that is no request's head. False where the connection is to be closed.
bool session::advance(exchange& current, const action& step) {
    if (step.what == action::kind::closed) return false;
    if (step.what == action::kind::reject) {
        if (!current.answered) refuse(current, answer_to(step.why), to_string(step.why));
        return false;
    }
    if (step.consumed > 0) connection_.consume(step.consumed);
    if (step.what == action::kind::end) {
        connection_.set_in_message(false);
        current.clear();
    }
    return true;
}

// Answers what is no request, with the last words on this connection.
void session::refuse(exchange& current, response&& answer, std::string_view reason) {
    share_.metrics().rejected(reason);
    current.machine.close_after_this();
    current.answer = std::move(answer);
    (void)write_small(current);
}

// The rest of a head, or of a body that nobody read.
task<bool> session::read_more(exchange& current) {
    if (current.answered) co_return (co_await current.body.fill()).has_value();
    connection_.set_in_message(true);
    if (current.head_until == never) {
        current.head_until = after(share_.loop().now(), share_.options().head_timeout);
    }
    connection_.set_read_deadline(current.head_until);
    const auto got = co_await connection_.fill();
    if (got) co_return true;
    const environment& env = co_await this_env{};
    if (got.error() == errc::timed_out && !env.stop().requested()) {
        refuse(current, problem(status::request_timeout), "slow_head");
    }
    co_return false;
}

// Where nothing of a next request has come.
bool session::rest(const exchange& current) noexcept {
    rests_ = current.machine.idle();
    if (!rests_) return false;
    rest_ = current.machine.rest();
    connection_.set_read_deadline(never);
    return true;
}

bool session::overstays() noexcept {
    if (turn_ != share_.loop().now()) {
        turn_ = share_.loop().now();
        batches_ = 0;
    }
    return ++batches_ > most_batches;
}

}  // namespace weir::inline v0::http
