#include "app/call/ingest_run.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "weir/frame/back_off.hpp"
#include "weir/io/blocking.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"

namespace weir::app {
namespace {

using namespace std::chrono_literals;

constexpr duration one_attempt = 30s;

// Nothing has been done with the row.
bool is_undone(errc code) noexcept {
    return code == errc::unavailable || code == errc::overloaded || code == errc::storage;
}

// The row may find its way another time.
bool is_passing(errc code) noexcept {
    return is_undone(code) || code == errc::timed_out || code == errc::outcome_unknown;
}

// FNV-1a of 64 bits: a key has to be the same whatever build of the program makes it.
std::uint64_t hash_of(std::string_view text) noexcept {
    std::uint64_t hash = 0xcbf2'9ce4'8422'2325;
    for (const char each : text) {
        hash ^= static_cast<unsigned char>(each);
        hash *= 0x0000'0100'0000'01b3;
    }
    return hash;
}

// Another row on the same line of the same run, as of a source that is read again, is another row.
std::string made_key(std::string_view run, std::size_t line, const frame::call_params& params) {
    return fmt::format("{}-{}-{:016x}", run, line, hash_of(params.json()));
}

}  // namespace

ingest_run::ingest_run(io::runtime& runtime, frame::client& client, const environment& env,
                       ingest_plan plan)
    : runtime_{&runtime},
      client_{&client},
      plan_{std::move(plan)},
      tally_{runtime.at(0).now()},
      places_{plan_.in_flight},
      watching_{env, [](const error&) {}},
      work_{env, [this](const error& why) { give_up(why); }} {
    open_reader(plan_.format);
}

task<result<>> ingest_run::run() {
    watching_.spawn(watch());
    work_.spawn(read_all());
    co_await work_.join();
    watching_.request_stop();
    co_await watching_.join();
    if (given_up_) co_return fail(given_up_->clone());
    co_return {};
}

task<result<>> ingest_run::read_all() {
    for (;;) {
        auto read = plan_.read;
        auto reading = io::run_blocking(runtime_->blocking(), std::move(read));
        const std::string chunk = co_await or_return(std::move(reading));
        if (chunk.empty()) break;
        lines_.add(chunk);
        co_await or_return(take_lines());
    }
    lines_.finish();
    co_await or_return(take_lines());
    if (reader_ == nullptr) co_return {};
    if (auto ended = reader_->finish(); !ended) tally_.refused(0, ended.error().message());
    co_return {};
}

// Neighbours have one column that a sighting wants.
void ingest_run::open_reader(std::string_view format) {
    reader_ = make_row_reader(format);
    if (format == "neigh") plan_.columns.set_default(*param_word::split("lladdr=mac"));
}

task<result<>> ingest_run::take_lines() {
    while (auto line = lines_.next()) co_await or_return(take(std::move(*line)));
    co_return {};
}

task<result<>> ingest_run::take(line_splitter::line line) {
    if (reader_ == nullptr && line.text.find_first_not_of(" \t\r") != std::string::npos)
        open_reader(format_of(line.text));
    if (reader_ == nullptr) co_return {};
    auto row = line.cut ? fail(errc::too_large, "the line is too long") : reader_->take(line.text);
    if (!row) tally_.refused(line.number, row.error().message());
    if (!row || !*row) co_return {};
    auto mapped = plan_.columns.map(**row);
    if (!mapped) {
        tally_.refused(line.number, mapped.error().message());
        co_return {};
    }
    if (!plan_.key.empty() && !mapped->has_key)
        mapped->params.text(plan_.key, made_key(plan_.run, line.number, mapped->params));
    auto place = co_await or_return(places_.acquire());
    tally_.sent();
    work_.spawn(send(std::move(mapped->params), line.number, std::move(place)));
    co_return {};
}

task<> ingest_run::send(frame::call_params params, std::size_t line,
                        [[maybe_unused]] flow::semaphore::permit place) {
    const time_point until = after(now(), plan_.patience);
    const frame::back_off delays;
    for (unsigned failures = 1;; ++failures) {
        frame::call_options options;
        options.timeout = std::clamp<duration>(until - now(), 1ms, one_attempt);
        options.idempotent = !plan_.key.empty();
        options.wait_for_ready = reached_;
        frame::call_params copy = params;
        const auto outcome = co_await client_->call(plan_.call, std::move(copy), options);
        if (outcome) {
            reached_ = true;
            co_return tally_.acknowledged();
        }
        if (settle(outcome.error(), line, until)) co_return;
        // Nothing of it is under way.
        const auto pause = delays.delay(failures, runtime_->at(0).engine().random());
        if (auto slept = co_await sleep(pause); !slept) co_return;
    }
}

bool ingest_run::settle(const error& why, std::size_t line, time_point until) {
    const bool left = why == errc::canceled || why == errc::closed;
    if (left && !plan_.key.empty()) return true;
    if (why == errc::permission_denied) return give_up(why), true;
    if (!left && !is_passing(why.code())) {
        reached_ = true;
        return tally_.refused(line, why.message()), true;
    }
    // Only a server says that its disk fails.
    reached_ = reached_ || why == errc::storage;
    if (!reached_ && is_undone(why.code())) return give_up(why), true;
    if (plan_.key.empty() && !is_undone(why.code()))
        return tally_.uncertain(line, why.message()), true;
    if (now() < until) return false;
    const auto text = fmt::format("line {} was not acknowledged in time", line);
    return give_up(error{errc::timed_out, text}.because(why.clone())), true;
}

void ingest_run::give_up(const error& why) {
    if (!given_up_) given_up_ = why.clone();
    work_.request_stop();
}

task<> ingest_run::watch() {
    while (auto slept = co_await sleep(200ms)) {
        if (plan_.progress) plan_.progress(tally_.progress(now()));
        if (plan_.interrupted && plan_.interrupted()) give_up({errc::canceled, "interrupted"});
    }
}

}  // namespace weir::app
