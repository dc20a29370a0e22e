#include "look.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "weir/flow/oneshot.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/with_timeout.hpp"

#include "question.hpp"

namespace weir::inline v0 {
namespace {

// What a loop may take to answer.
constexpr duration look_patience = std::chrono::seconds{1};

using answer = flow::oneshot<result<loop_report>>;

result<loop_report> look_at(worker& of, look_wanted wanted) noexcept {
    try {
        return of.look(wanted);
    } catch (const std::bad_alloc&) {
        return fail(errc::out_of_memory);
    }
}

answer::receiver ask(worker& to, look_wanted wanted) {
    auto [sender, receiver] = answer::make();
    put_to(to, [wanted, reply = std::move(sender)](worker& here) mutable noexcept {
        (void)std::move(reply).send(look_at(here, wanted));
    });
    return std::move(receiver);
}

traced_text::receiver ask_for_trace(worker& to, std::uint64_t connection, duration time) {
    auto [sender, receiver] = traced_text::make();
    put_to(to, [connection, time, reply = std::move(sender)](worker& here) mutable noexcept {
        here.trace(connection, time, std::move(reply));
    });
    return std::move(receiver);
}

}  // namespace

task<std::vector<std::optional<loop_report>>> look_at_loops(const service_state& service,
                                                            look_wanted wanted) {
    const environment& env = co_await this_env{};
    std::vector<std::optional<answer::receiver>> asked;
    for (const auto& each : service.workers) {
        asked.emplace_back();
        if (service.beats.has_ended(each->loop().index())) continue;
        if (!service.turning->stalls(each->loop().index())) asked.back() = ask(*each, wanted);
    }
    const time_point until = after(env.now(), look_patience);
    std::vector<std::optional<loop_report>> reports;
    for (std::size_t at = 0; at < asked.size(); ++at) {
        auto& each = asked[at];
        reports.emplace_back();
        if (service.beats.has_ended(at)) reports.back().emplace().loop = static_cast<unsigned>(at);
        if (!each) continue;
        auto found = co_await with_deadline(until, each->receive());
        if (found && *found) reports.back() = std::move(**found);
    }
    co_return reports;
}

task<result<std::string>> trace_connection(const service_state& service, std::uint64_t connection,
                                           duration time) {
    const environment& env = co_await this_env{};
    std::vector<traced_text::receiver> asked;
    for (const auto& each : service.workers)
        asked.push_back(ask_for_trace(*each, connection, time));
    const time_point until = after(env.now(), time + look_patience);
    for (auto& each : asked) {
        auto text = co_await with_deadline(until, each.receive());
        if (!text) continue;
        if (*text || text->error() != errc::not_found) co_return std::move(*text);
    }
    co_return fail(errc::not_found, "no loop that answers has this connection");
}

}  // namespace weir::inline v0
