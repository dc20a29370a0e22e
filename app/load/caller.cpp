#include "app/load/caller.hpp"

#include <algorithm>

#include "weir/io/engine.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/with_timeout.hpp"

namespace weir::app {
namespace {

using namespace std::chrono_literals;

// After a connection that failed, so that a server that is in trouble is not flooded with others.
constexpr duration between_attempts = 100ms;

}  // namespace

caller::caller(owner& of, script& script)
    : owner_{&of}, script_{&script}, sent_(of.options().depth) {}

task<> caller::run() {
    while (!owner_->ended()) {
        auto attempt = io::connect{owner_->loop().engine(), owner_->options().to};
        auto socket = co_await with_timeout(owner_->options().timeout, attempt);
        if (!socket) {
            if (socket.error() == errc::canceled) co_return;
            owner_->failed(failure::connect, 1);
            if (auto slept = co_await sleep(between_attempts); !slept) co_return;
            continue;
        }
        net::connection connection{owner_->loop().engine().adopt(std::move(*socket)),
                                   owner_->loop(), owner_->connections()};
        const bool of_use = co_await talk(connection);
        if (of_use && !dialogue_->turned_away()) continue;
        if (auto slept = co_await sleep(between_attempts); !slept) co_return;
    }
}

// Whether it was of use: it answered something, and did not end by an error.
task<bool> caller::talk(net::connection& connection) {
    dialogue_ = script_->begin(sent_.size());
    answered_ = false;
    connection_ = &connection;
    connection.write(as_bytes(dialogue_->greeting()));
    take_work(now());
    connection.start_flush();
    const std::optional<failure> why = co_await exchange(connection);
    unlink();
    connection_ = nullptr;
    if (why && in_flight_ > 0) owner_->failed(*why, in_flight_);
    std::ranges::fill(sent_, sent{});
    in_flight_ = 0;
    check_at_ = never;
    co_return answered_ && !why;
}

// Until the connection is of no more use; with what becomes of the requests in flight.
task<std::optional<failure>> caller::exchange(net::connection& connection) {
    while (dialogue_->goes_on() || in_flight_ > 0) {
        if (check_at_ == never) check_at_ = first_timeout(now());
        connection.set_read_deadline(after(owner_->loop().now(), check_at_ - now()));
        const auto filled = co_await connection.fill();
        const time_point then = now();
        if (!filled) {
            const errc code = filled.error().code();
            if (code == errc::canceled) co_return std::nullopt;
            if (code == errc::end_of_stream) co_return read_end(then);
            if (code != errc::timed_out || overdue(then)) co_return failure_of(code);
            continue;
        }
        if (const auto broken = read_answers(connection, then)) co_return broken;
        take_work(then);
        connection.start_flush();
    }
    co_return std::nullopt;
}

std::optional<failure> caller::read_answers(net::connection& connection, time_point now) {
    while (!connection.input().empty()) {
        const heard found = dialogue_->read(connection.input());
        if (found.what == heard::kind::malformed) return failure::malformed;
        if (found.what == heard::kind::answered) settle(found, now);
        connection.consume(found.consumed);
        if (found.what == heard::kind::need_more || !dialogue_->goes_on()) break;
    }
    return std::nullopt;
}

std::optional<failure> caller::read_end(time_point now) {
    if (in_flight_ == 0) return std::nullopt;
    const heard found = dialogue_->read_end();
    if (found.what == heard::kind::answered) settle(found, now);
    if (in_flight_ == 0) return std::nullopt;
    return failure::closed_early;
}

void caller::settle(const heard& answer, time_point now) {
    sent& request = sent_[answer.place];
    request.in_flight = false;
    --in_flight_;
    answered_ = true;
    owner_->answered(request, now, answer);
}

bool caller::has_room() const noexcept {
    return in_flight_ < sent_.size() && dialogue_->goes_on() && !owner_->ended();
}

void caller::take_work(time_point now) {
    unlink();
    while (has_room()) {
        const auto due = owner_->next_due(now);
        if (!due) return owner_->idle(*this);
        send(*due, now);
    }
}

void caller::send_at_once(time_point due, time_point now) {
    send(due, now);
    connection_->start_flush();
}

void caller::send(time_point due, time_point now) {
    const dialogue::request next = dialogue_->next();
    sent_[next.place] = {due, now, true};
    ++in_flight_;
    connection_->write(next.bytes);
}

bool caller::overdue(time_point now) noexcept {
    check_at_ = first_timeout(now);
    return in_flight_ > 0 && check_at_ <= now;
}

// Of those in flight, or of one that is sent from now on.
time_point caller::first_timeout(time_point now) const noexcept {
    time_point first = now;
    for (const sent& each : sent_)
        if (each.in_flight) first = std::min(first, each.left);
    return after(first, owner_->options().timeout);
}

}  // namespace weir::app
