// How a session sends a body that is written while it is sent.
#include <exception>
#include <utility>

#include "ascii.hpp"
#include "session.hpp"
#include "stream_call.hpp"

namespace weir::inline v0::http {
namespace {

bool takes_trailers(const request& asked) noexcept {
    bool found = false;
    for (const field& each : asked.fields()) {
        if (!ascii::is(each.name, "te")) continue;
        ascii::each_element(each.value, [&](std::string_view coding) {
            found = ascii::is(coding.substr(0, coding.find(';')), "trailers");
            return !found;
        });
        if (found) return true;
    }
    return false;
}

}  // namespace

// False where the connection is to be closed.
task<bool> session::send_stream(exchange& current) {
    const auto promised = current.answer->streamed()->promised;
    body_writer out{connection_, head_of(current), promised, takes_trailers(current.request)};
    result<> outcome;
    std::exception_ptr thrown;
    try {
        const duration patience = current.request.route_->deadline;
        auto written = co_await stream_call{current, out, share_, patience};
        outcome = std::move(written);
    } catch (...) {
        thrown = std::current_exception();
    }
    out.times(nullptr);
    if (!out.begun()) current.body.notice_end();
    // Nothing that is made of half a body is to look whole.
    const bool ended_badly = current.body.how() != body_reader::ending::none;
    if (outcome && ended_badly) outcome = fail(errc::canceled);
    if (outcome && !thrown) {
        auto finished = co_await out.finish();
        outcome = std::move(finished);
    }
    current.leave();
    if (out.closes()) current.machine.close_after_this();
    if (outcome && !thrown) co_return true;
    current.answer.reset();
    if (thrown) {
        handler_threw(current, thrown);
    } else {
        keep(current, fail(std::move(outcome.error())));
    }
    if (out.begun()) co_return co_await break_stream();
    if (!settle_body(current) || !current.answer) co_return false;
    if (write_small(current)) co_return true;
    co_return co_await send_large(current);
}

// What has been sent must not look whole, however the peer finds the end of it.
task<bool> session::break_stream() {
    share_.metrics().rejected("broken_stream");
    (void)co_await connection_.flush();
    connection_.abort();
    co_return false;
}

}  // namespace weir::inline v0::http
