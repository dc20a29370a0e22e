// How a session ends HTTP, and gives its connection away.
#include <utility>

#include "listed.hpp"
#include "session.hpp"

namespace weir::inline v0::http {
namespace {

// A server ignores Upgrade in HTTP/1.0; and without its name in Connection it was for somebody
// before us, who did not take it out (RFC 9110 section 7.8).
bool asks_for(const request& asked, std::string_view protocol) noexcept {
    return asked.version() == version::http_1_1 && lists(asked.fields(), "connection", "upgrade") &&
           lists(asked.fields(), "upgrade", protocol);
}

}  // namespace

void session::offer(exchange& current, response&& answer) {
    current.offered = answer.switches()->protocol;
    if (asks_for(current.request, current.offered)) {
        answer.set_status(status::switching_protocols);
        current.answer = std::move(answer);
    } else {
        current.answer = problem(status::upgrade_required);
    }
}

// Its body would be taken for the other protocol.
void session::refuse_switch(exchange& current) {
    current.offered = {};
    current.machine.close_after_this();
    current.answer = problem(status::bad_request, "Bad Request",
                             "A request whose body was not read cannot change the protocol.");
}

// Whatever comes of it, the connection is to be closed then.
task<> session::hand_over(loop_share::lease* borrowed) {
    exchange& current = **borrowed;
    const response_head head = head_of(current);
    if (!write_head(head)) {
        if (!co_await connection_.flush() || !write_head(head)) co_return;
    }
    connection_function serve = std::move(current.answer->switches()->serve);
    current.machine.switch_protocols();
    finish(current);
    share_.metrics().count_answers();
    borrowed->give_back();
    auto sent = co_await connection_.flush();
    if (!sent) co_return;
    connection_.set_read_deadline(never);
    co_await serve(connection_);
}

}  // namespace weir::inline v0::http
