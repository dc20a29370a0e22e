#include "query_awaiter.hpp"

#include <memory>
#include <utility>

namespace weir::inline v0::db {

// May be found in the queue after the query, and even the connection, is gone: only the turn tells.
class query_awaiter::job final : public io::blocking_job {
public:
    job(sqlite_connection& connection, sqlite_query& query, std::uint64_t turn) noexcept
        : turn_{connection.turn()}, number_{turn}, connection_{&connection}, query_{&query} {}

    void work() noexcept override {
        if (!turn_->begin(number_)) return;
        connection_->run(*query_);
        turn_->end();
    }

private:
    std::shared_ptr<query_turn> turn_;
    std::uint64_t number_;
    sqlite_connection* connection_;
    sqlite_query* query_;
};

query_awaiter::~query_awaiter() {
    query_turn& turn = *connection_->turn();
    if (turn_ == 0 || turn.revoke(turn_)) return;
    turn.interrupt(turn_);
    turn.await_end(turn_);
}

bool query_awaiter::await_ready() {
    turn_ = connection_->turn()->claim();
    if (turn_ == 0) return true;
    if (!stopped() && connection_->answer_now(*query_, env().scheduler())) {
        connection_->turn()->revoke(turn_);
        env().scheduler().did_at_once();
        return true;
    }
    return submit(std::make_unique<job>(*connection_, *query_, turn_));
}

result<rows> query_awaiter::await_resume() {
    if (turn_ == 0) return fail(errc::internal, "a session runs one query at a time");
    if (failed()) return fail(take_error());
    turn_ = 0;
    if (query_->interrupted) return fail(stopped() ? stop_reason() : errc::canceled);
    if (query_->failure) return fail(std::move(*query_->failure));
    return rows{std::move(query_->answer)};
}

// False where it has not begun: it is then abandoned, and will not.
bool query_awaiter::interrupt_work() noexcept {
    query_turn& turn = *connection_->turn();
    if (turn.revoke(turn_)) return false;
    turn.interrupt(turn_);
    return true;
}

}  // namespace weir::inline v0::db
