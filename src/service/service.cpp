#include "weir/service/service.hpp"

#include <stdexcept>
#include <string>
#include <utility>

#include "weir/base/version.hpp"
#include "weir/io/run_on.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"

#include "acceptor.hpp"
#include "admin.hpp"
#include "handover.hpp"
#include "state.hpp"
#include "watchdog.hpp"
#include "worker.hpp"

namespace weir::inline v0 {

service_metrics::service_metrics(metrics::registry& registry)
    : accepted{registry.counter_family("weir_connections_total", "Connections accepted.",
                                       {"protocol"})},
      refused{registry.counter_family("weir_connections_refused_total",
                                      "Connections closed at once, over a limit.", {"reason"})},
      over_limit{refused.with({"max_connections"})},
      over_address_limit{refused.with({"max_connections_per_address"})},
      accept_errors{registry.counter("weir_accept_errors_total", "Accepts that failed.")},
      loop_stalls{registry.counter("weir_loop_stalls_total",
                                   "Times that a loop did not turn for five seconds.")},
      handler_failures{
          registry.counter("weir_connection_failures_total", "Connections whose handler failed.")},
      closed{registry.counter_family("weir_connections_closed_total", "Connections that ended.",
                                     {"reason"})},
      open{registry.gauge("weir_connections_open", "Connections open now.")},
      received_bytes{registry.counter("weir_received_bytes_total", "Bytes received.")},
      sent_bytes{registry.counter("weir_sent_bytes_total", "Bytes sent.")},
      evicted{registry.counter_family(
          "weir_incomplete_messages_evicted_total",
          "Incomplete messages given up because memory for reading was used up.", {"memory"})} {}

service_state::service_state(service_options wanted)
    : options{std::move(wanted)},
      log{options.name, options.log_level},
      runtime{options.runtime},
      registry{static_cast<unsigned>(runtime.size())},
      metrics{registry},
      addresses{options.max_connections_per_address},
      beats(runtime.size()) {
    registry
        .gauge_family("weir_build_info", "Always 1; the labels tell what runs.",
                      {"version", "compiler"})
        .with({version, compiler})
        .add(1);
}

service::service(service_options options)
    : state_{std::make_unique<service_state>(std::move(options))} {}
service::~service() = default;

metrics::registry& service::metrics() noexcept { return state_->registry; }
io::runtime& service::runtime() noexcept { return state_->runtime; }
log& service::log() noexcept { return state_->log; }
std::size_t service::open_connections() const noexcept { return state_->open.load(); }
bool service::accepting() const noexcept { return state_->accepting.load(); }
io::endpoint service::local(std::size_t listener) const {
    return state_->listeners.at(listener).listener->local();
}

void service::listen(std::string_view address, connection_handler handler,
                     std::string_view protocol) {
    auto at = io::endpoint::parse(address);
    if (!at) throw std::invalid_argument{at.error().message()};
    state_->listeners.push_back({std::move(*at),
                                 std::move(handler),
                                 state_->metrics.accepted.with({protocol}),
                                 std::string{protocol},
                                 {},
                                 nullptr,
                                 false});
}

void service::admin(std::string_view address, std::vector<std::string> hosts, admin_guard guard) {
    auto at = io::endpoint::parse(address);
    if (!at) throw std::invalid_argument{at.error().message()};
    const admin_access access{admin_hosts{*at, std::move(hosts)}, std::move(guard)};
    listen(address, make_admin_pages(*state_, access), "admin");
    state_->listeners.back().stays_on_first_loop = true;
}

void service::ready_when(std::string_view name, std::function<result<>()> check) {
    state_->checks.push_back({std::string{name}, std::move(check)});
}

void service::drain() noexcept { state_->drain_wanted.set(); }

namespace {

// What a drain has ended may serve again.
class drain_reset {
public:
    explicit drain_reset(flow::event& wanted) noexcept : wanted_{wanted} {}
    drain_reset(const drain_reset&) = delete;
    drain_reset& operator=(const drain_reset&) = delete;
    ~drain_reset() { wanted_.reset(); }

private:
    flow::event& wanted_;
};

result<> open_all(service_state& service, io::engine& engine) {
    io::listen_options of_peers;
    of_peers.user_timeout = service.options.user_timeout;
    for (listening& at : service.listeners) {
        auto opened = service.provider.open(engine, at.address, of_peers);
        if (!opened) return std::unexpected{std::move(opened).error()};
        at.listener = std::move(*opened);
        at.name = at.protocol + ' ' + at.listener->local().text();
    }
    if (!service.options.takeover_path.empty()) {
        const auto path = io::endpoint::unix_path(service.options.takeover_path);
        io::listen_options options;
        options.owner_only = true;
        auto opened = service.provider.open(engine, path, options);
        if (!opened) return std::unexpected{std::move(opened).error()};
        service.takeover_listener = std::move(*opened);
    }
    return service.provider.close_unwanted();
}

// What the predecessor had is this service's for good.
void take_charge(service_state& service) {
    for (listening& each : service.listeners) each.listener->take_charge();
    if (service.takeover_listener) service.takeover_listener->take_charge();
}

void close_listeners(service_state& service) {
    for (listening& each : service.listeners) each.listener.reset();
    service.takeover_listener.reset();
}

// Nothing is accepted before a predecessor has said that it does not.
task<result<>> open_listeners(service_state* service, io::loop& loop) {
    result<> opened = open_all(*service, loop.engine());
    if (opened && service->predecessor) {
        opened = co_await service->predecessor->confirm(loop, service->provider.taken_over(),
                                                        &service->options.connections);
        if (opened) take_charge(*service);
    }
    service->predecessor.reset();
    if (!opened) close_listeners(*service);
    co_return std::move(opened);
}

// A peer whose handshake is under way may see it end before the listener does, and has sent its
// request by then; closing the listener would reset it. As long as most round trips.
constexpr duration handshake_grace = std::chrono::milliseconds{100};

task<> look_at_beats(beat_watch* turning) {
    while (auto slept = co_await sleep(heartbeats::interval)) turning->look();
}

task<result<>> run_elsewhere(io::loop& loop, worker& there) {
    io::run_on running{loop, &worker::run, &there};
    co_return co_await std::move(running);
}

// To those who read the log, and to the supervisor.
task<> announce(service_state* service) {
    std::string where = "READY=1\nSTATUS=Listening on";
    for (const listening& at : service->listeners) {
        const std::string address = at.listener->local().text();
        service->log.info("listening on " + address);
        where += ' ' + address;
    }
    const auto told = co_await service->watched_by.tell(std::move(where));
    if (!told) service->log.warning("the supervisor was not told: " + told.error().message());
}

// New connections are left to whoever comes next: peers try again, or wait in the queue of a socket
// that somebody else has, too.
task<> leave(service_state* service, bool taken_over) {
    service->takeover_listener.reset();
    service->log.info("draining");
    if (!taken_over) (void)co_await sleep(service->options.drain_delay);
    bool alone = false;
    for (const listening& at : service->listeners) {
        at.listener->refuse_new();
        alone = alone || !at.listener->shared();
    }
    if (alone) (void)co_await sleep(handshake_grace);
}

}  // namespace

task<result<>> service::serve(io::runtime& runtime) {
    service_state& state = *state_;
    const environment& env = co_await this_env{};
    const drain_reset reset_at_the_end{state.drain_wanted};
    co_await or_return(open_listeners(&state, runtime.at(0)));

    state.beats.begin(runtime.size());
    state.turning.emplace(state.beats);
    std::vector<std::unique_ptr<worker>> workers;
    workers.reserve(runtime.size());
    for (std::size_t i = 0; i < runtime.size(); ++i) {
        workers.push_back(std::make_unique<worker>(state, runtime.at(i)));
    }
    state.workers = workers;
    result<> outcome;
    task_scope running{env, [&](error why) { outcome = fail(std::move(why)); }};
    running.spawn(workers[0]->run(), "worker");
    for (std::size_t i = 1; i < workers.size(); ++i) {
        running.spawn(run_elsewhere(runtime.at(i), *workers[i]), "worker elsewhere");
    }

    const auto tell = [&](const error& why) { state.log.error(why.message()); };
    watchdog watchdog{state};
    handover handover{state, runtime.at(0)};
    task_scope looking{env, tell}, watched{env, tell};
    looking.spawn(look_at_beats(&*state.turning), "look at the beats");
    accept_pace pace{state.options.max_accepts_per_second};
    std::deque<acceptor> acceptors;
    for (listening& at : state.listeners) acceptors.emplace_back(state, at, pace, workers);
    {
        task_scope accepting{env, tell}, announcing{env, tell}, offering{env, tell};
        for (acceptor& each : acceptors) accepting.spawn(each.run(), "acceptor");
        state.accepting.store(true);
        announcing.spawn(announce(&state), "announce");
        watched.spawn(watchdog.run(), "watchdog");
        offering.spawn(handover.run(), "handover");
        (void)co_await state.drain_wanted.wait();
        state.accepting.store(false);
        announcing.request_stop();
        offering.request_stop();
        co_await announcing.join();
        co_await offering.join();
        if (handover.done()) {
            watched.request_stop();
            watched.spawn(handover.tell_supervisor(), "tell of the successor");
        } else {
            watched.spawn(state.watched_by.tell("STOPPING=1"), "tell the supervisor");
        }
        co_await leave(&state, handover.done());
        accepting.request_stop();
        co_await accepting.join();
    }
    for (acceptor& each : acceptors) co_await each.finish();
    // A stop has reached them by itself, and who has ended already must not be posted anything.
    if (!env.stop().requested()) {
        for (const auto& each : workers) each->drain();
    }
    co_await running.join();
    state.workers = {};
    watched.request_stop();
    co_await watched.join();
    looking.request_stop();
    co_await looking.join();
    state.log.info(outcome ? "drained" : outcome.error().message());
    co_return std::move(outcome);
}

}  // namespace weir::inline v0
