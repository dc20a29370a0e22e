#include "worker.hpp"

#include <algorithm>
#include <exception>
#include <new>
#include <string>
#include <system_error>
#include <utility>

#include "weir/task/shielded.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"

namespace weir::inline v0 {
namespace {

// What a handler may take to end after it was cut off.
constexpr duration stop_grace = std::chrono::seconds{1};

}  // namespace

// A connection on its way from the loop that accepted it.
class worker::arrival final : public runnable {
public:
    arrival(worker& to, io::native_socket socket, const listening& from,
            address_counts::permit permit) noexcept
        : to_{&to}, socket_{std::move(socket)}, from_{&from}, permit_{std::move(permit)} {}
    void run() noexcept override {
        const std::unique_ptr<arrival> self{this};
        to_->take(*this);
    }
    // The socket becomes the loop's own here.
    std::unique_ptr<live_connection> admit() {
        auto transport = to_->loop_.engine().adopt(std::move(socket_));
        return std::make_unique<live_connection>(*to_, std::move(transport), *from_,
                                                 std::move(permit_));
    }

private:
    worker* to_;
    io::native_socket socket_;
    const listening* from_;
    address_counts::permit permit_;
};

worker::worker(service_state& service, io::loop& loop)
    : service_{service},
      loop_{loop},
      traffic_{service.metrics.received_bytes.at(loop.index()),
               service.metrics.sent_bytes.at(loop.index()),
               service.metrics.evicted.with({"slabs"}).at(loop.index()),
               service.metrics.evicted.with({"assemblies"}).at(loop.index()),
               [&log = service.log](std::string_view line) { log.error(line); }},
      closings_{service.metrics.closed, loop.index()},
      open_gauge_{service.metrics.open.at(loop.index())},
      drain_{loop.scheduler()} {}

void worker::hand_over(io::native_socket socket, const listening& from,
                       address_counts::permit permit) {
    auto made = std::make_unique<arrival>(*this, std::move(socket), from, std::move(permit));
    open_.fetch_add(1, std::memory_order_relaxed);
    service_.open.fetch_add(1, std::memory_order_relaxed);
    loop_.scheduler().post(*made.release());
}

void worker::take(arrival& came) noexcept {
    try {
        connections_->spawn(came.admit());
    } catch (const std::bad_alloc&) {
        leave();
        report(error{errc::out_of_memory});
    } catch (const std::system_error& refused) {
        leave();
        not_taken(refused);
    }
}

// The engine cannot have it, and it is closed: it has been accepted in vain.
void worker::not_taken(const std::system_error& why) noexcept {
    service_.metrics.accept_errors.add();
    try {
        service_.log.debug(std::string{"a connection was closed at once: "} + why.what());
    } catch (const std::bad_alloc&) {
        return;  // counted, which is what can be done without memory
    }
}

void worker::leave() noexcept {
    open_.fetch_sub(1, std::memory_order_relaxed);
    service_.open.fetch_sub(1, std::memory_order_relaxed);
}

loop_report worker::look(look_wanted wanted) {
    loop_report found;
    found.loop = loop_.index();
    found.now = loop_.now();
    // None where this worker has ended.
    if (connections_) found.connections.running = connections_->size();
    live_.each_while([&](const live_connection& each) {
        if (found.connections.listed.size() >= wanted.connections) return false;
        found.connections.listed.push_back(report_of(each));
        return true;
    });
    if (wanted.tasks > 0) found.tasks = report_tasks(loop_.scheduler(), wanted.tasks);
    return found;
}

void worker::trace(std::uint64_t connection, duration time, traced_text::sender to) noexcept {
    live_connection* found = nullptr;
    live_.each_while([&](live_connection& each) {
        if (each.number() == connection) found = &each;
        return found == nullptr;
    });
    if (found == nullptr) {
        (void)std::move(to).send(fail(errc::not_found));
    } else if (found->connection.traced()) {
        (void)std::move(to).send(fail(errc::conflict));
    } else {
        start_trace(*found, time, std::move(to));
    }
}

void worker::start_trace(live_connection& of, duration time, traced_text::sender to) noexcept {
    std::unique_ptr<wire_trace> made{new (std::nothrow) wire_trace{of.connection, time}};
    if (!made) return (void)std::move(to).send(fail(errc::out_of_memory));
    made->answer(std::move(to));
    of.connection.trace(std::move(made));
}

connection_report worker::report_of(const live_connection& which) const {
    const net::connection& of = which.connection;
    connection_report report;
    task_report served = report_task(which);
    report.id = which.number();
    report.task = served.id;
    report.name = which.from->name;
    report.protocol = which.from->protocol;
    report.peer = of.peer().text();
    report.phase = of.phase();
    report.in_message = of.in_message();
    report.traced = of.traced();
    report.since = which.since();
    report.deadline =
        std::min({of.reading_until(), of.sending_until(), served.deadline, age_deadline(which)});
    report.received_bytes = of.received_bytes();
    report.sent_bytes = of.sent_bytes();
    report.unread_bytes = of.unread();
    report.unsent_bytes = of.unsent();
    report.waits_at = std::move(served.waits_at);
    return report;
}

void worker::ended(const live_connection& which) noexcept {
    const closing how = which.ended_by_us.value_or(closing_of(which.connection));
    closings_.count(how);
    if (how == closing::finished || service_.log.level() != log_level::debug) return;
    try {
        service_.log.debug("the connection of " + which.connection.peer().text() +
                           " ended: " + std::string{to_string(how)});
    } catch (const std::bad_alloc&) {
        return;
    }
}

void worker::report(const error& why) noexcept {
    service_.metrics.handler_failures.add();
    try {
        service_.log.error("a connection failed: " + why.message());
    } catch (const std::bad_alloc&) {
        return;  // counted, which is what can be done without memory
    }
}

task<result<>> worker::run() {
    const environment& env = co_await this_env{};
    connections_.emplace(env, [this](const error& why) { report(why); });
    task_scope watch{env, [this](const error& why) { report(why); }};
    watch.spawn(beat(), "beat");
    (void)co_await drain_;
    draining_ = true;
    live_.each([](live_connection& each) { each.connection.drain(); });
    watch.spawn(cut_off(), "cut off at the drain deadline");
    co_await connections_->join();
    all_ended_.set();
    watch.request_stop();
    co_await watch.join();
    service_.beats.end(loop_.index());
    connections_.reset();
    if (cut_ > 0) {
        co_return fail(errc::timed_out, std::to_string(cut_) + " connections were cut off");
    }
    co_return result<>{};
}

task<> worker::beat() {
    result<> slept;
    do {
        service_.beats.beat(loop_.index());
        retire_old();
        slept = co_await sleep(heartbeats::interval);
    } while (slept);
}

task<> worker::cut_off() {
    // Shorter where all have ended, and where the service is stopped rather than drained.
    (void)co_await sleep(service_.options.drain_timeout);
    cut_ = connections_->size();
    if (cut_ == 0) co_return;
    live_.each([this](live_connection& each) { cut(each); });
    connections_->request_stop(errc::timed_out);
    const auto obeyed = co_await shielded(stop_grace, all_ended_.wait());
    if (obeyed) co_return;
    live_.each([this](live_connection& each) { destroy(each); });
}

// Up to a tenth earlier, by chance: what came together, as after a restart, is not to go together.
time_point worker::retirement() noexcept {
    const duration age = service_.options.max_connection_age;
    if (age == duration{}) return never;
    const auto tenth = static_cast<std::uint64_t>((age / 10).count());
    const duration less{static_cast<duration::rep>(loop_.engine().random() % (tenth + 1))};
    return after(loop_.now(), age - less);
}

time_point worker::age_deadline(const live_connection& which) const noexcept {
    if (which.retires > loop_.now()) return which.retires;
    return after(which.retires, service_.options.drain_timeout);
}

// What is in flight then has the time of a drain.
void worker::retire_old() noexcept {
    const duration age = service_.options.max_connection_age;
    if (age == duration{}) return;
    live_.each_while([&](live_connection& each) {
        if (loop_.now() - each.since() < age - age / 10) return false;  // nor are those behind it
        const duration over = loop_.now() - each.retires;
        if (over < duration{}) return true;
        each.connection.drain();
        if (over < service_.options.drain_timeout) return true;
        const bool had_its_grace = over >= service_.options.drain_timeout + stop_grace;
        if (each.ended_by_us && had_its_grace) {
            destroy(each);
        } else {
            cut(each);
        }
        return true;
    });
}

void worker::cut(live_connection& which) noexcept {
    if (which.ended_by_us) return;
    which.ended_by_us = closing::cut_off;
    which.connection.abort();
    which.stop.request(errc::timed_out);
}

void worker::destroy(live_connection& which) noexcept {
    tell(which);
    which.ended_by_us = closing::destroyed;
    connections_->destroy(which);
}

void worker::tell(const live_connection& which) noexcept {
    try {
        service_.log.error("the handler of " + which.connection.peer().text() + " on " +
                           which.from->address.text() + " did not end when it was stopped");
    } catch (const std::bad_alloc&) {
        return;
    }
}

}  // namespace weir::inline v0
