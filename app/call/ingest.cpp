#include <array>
#include <cerrno>
#include <cstdio>
#include <stdexcept>

#include <fmt/format.h>
#include <unistd.h>

#include "weir/task/this_env.hpp"

#include "app/call/call.hpp"
#include "app/call/ingest_run.hpp"
#include "app/command.hpp"
#include "app/config/interrupt.hpp"

namespace weir::app {
namespace {

constexpr std::size_t chunk_size = std::size_t{64} * 1024;

result<std::string> read_input() {
    std::string chunk(chunk_size, '\0');
    ssize_t size = 0;
    do {
        size = ::read(STDIN_FILENO, chunk.data(), chunk.size());
    } while (size < 0 && errno == EINTR);
    if (size < 0) return fail(error::from_errno(errno, "read the input"));
    chunk.resize(static_cast<std::size_t>(size));
    return chunk;
}

void show(const std::string& progress) { fmt::print(stderr, "\r{}\x1b[K", progress); }

template <class T>
T value_of(result<T> made) {
    if (!made) throw std::invalid_argument{made.error().message()};
    return std::move(*made);
}

column_map columns_of(const ingest_command& command) {
    std::vector<param_word> columns;
    std::vector<param_word> constants;
    columns.reserve(command.map.size());
    constants.reserve(command.params.size());
    for (const auto& each : command.map) columns.push_back(value_of(param_word::split(each)));
    for (const auto& each : command.params) constants.push_back(value_of(param_word::parse(each)));
    return {std::move(columns), std::move(constants), command.key};
}

ingest_plan plan_of(const ingest_command& command) {
    if (command.format != "auto" && make_row_reader(command.format) == nullptr)
        throw std::invalid_argument{"--format is auto, json, csv or neigh"};
    ingest_plan plan;
    plan.call = command.call;
    plan.format = command.format;
    plan.columns = columns_of(command);
    plan.key = command.key;
    plan.run = command.run;
    plan.patience = command.patience;
    plan.in_flight = command.caller.in_flight;
    plan.read = read_input;
    if (::isatty(STDERR_FILENO) == 1) plan.progress = show;
    return plan;
}

task<int> ingest_input(io::runtime& runtime, frame::client& client, ingest_plan plan) {
    const environment& env = co_await this_env();
    io::loop& loop = runtime.at(0);
    const bool terminal = static_cast<bool>(plan.progress);
    if (plan.run.empty())
        plan.run = fmt::format("{:016x}{:016x}", loop.engine().random(), loop.engine().random());
    const std::string run = plan.run;
    const bool keyed = !plan.key.empty();
    ingest_run working{runtime, client, env, std::move(plan)};
    const auto outcome = co_await working.run();
    if (terminal) fmt::print(stderr, "\r\x1b[K");
    fmt::print("{}", working.tally().summary(loop.now()));
    if (!outcome) fmt::print(stderr, "weir: given up: {}\n", outcome.error().message());
    if (outcome && working.tally().all_well()) co_return exit_fine;
    if (keyed)
        fmt::print(stderr, "weir: with --run {} the same input goes on, and nothing is doubled\n",
                   run);
    co_return exit_failed;
}

}  // namespace

int ingest(const ingest_command& command) {
    ingest_plan plan = plan_of(command);
    // Before there are threads, which would take the signal.
    interrupt ctrl_c;
    plan.interrupted = [&] { return ctrl_c.came(); };
    return with_client(command.caller, [&](io::runtime& runtime, frame::client& client) {
        return ingest_input(runtime, client, plan);
    });
}

}  // namespace weir::app
