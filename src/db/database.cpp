#include "weir/db/database.hpp"

#include <stdexcept>
#include <string>
#include <utility>

#include "weir/pool/pool.hpp"
#include "weir/task/or_return.hpp"

#include "group_writer.hpp"
#include "rollback_desk.hpp"
#include "sqlite_describe.hpp"
#include "sqlite_manager.hpp"

namespace weir::inline v0::db {
namespace {

result<sqlite_place> place_of(std::string_view url, const database_options& options) {
    auto place = sqlite_place_of(url);
    if (!place) return place;
    place->create = options.create;
    place->busy_timeout_ms = static_cast<int>(options.busy_timeout.count());
    return place;
}

pool::options one_of(pool::options limits) noexcept {
    limits.max_size = 1;
    return limits;
}

std::unexpected<error> refuse_writing() {
    return fail(errc::unsupported, "the database is open for reading only");
}

task<result<session>> refuse_writer() { co_return refuse_writing(); }
task<result<rows>> refuse_write() { co_return refuse_writing(); }

using connection_pool = pool::pool<connection>;

std::unique_ptr<sqlite_manager> manager_of(sqlite_role role, const sqlite_place& place,
                                           std::size_t cached_statements, sqlite_common& common) {
    return std::make_unique<sqlite_manager>(place, role, cached_statements, common);
}

}  // namespace

struct database::state {
    state(sqlite_place at, io::blocking_pool& threads, const database_options& wanted)
        : place{std::move(at)},
          options{wanted},
          common{threads, place},
          writer{manager_of(sqlite_role::writer, place, options.cached_statements, common),
                 one_of(options.connections)},
          readers{manager_of(sqlite_role::reader, place, options.cached_statements, common),
                  options.connections},
          desk{threads},
          groups{writer, threads, options.group} {}

    ~state() { common.keeper->close(); }

    task<result<class session>> lend(connection_pool& from) {
        auto lease = co_await or_return(from.acquire());
        co_return db::session{std::move(lease), desk};
    }

    const sqlite_place place;
    const database_options options;
    sqlite_common common;
    // The writer closes last: it can write the log back into the file. The desk is empty, and no
    // group runs, before either closes.
    connection_pool writer;
    connection_pool readers;
    rollback_desk desk;
    group_writer groups;
};

result<database> database::open(std::string_view url, io::blocking_pool& threads,
                                const database_options& options) {
    auto place = place_of(url, options);
    if (!place) return fail(std::move(place.error()));
    const auto role = options.read_only ? sqlite_role::reader : sqlite_role::writer;
    if (auto probe = open_sqlite(*place, role); !probe) return fail(std::move(probe.error()));
    place->create = false;
    return database{std::make_unique<state>(std::move(*place), threads, options)};
}

database::database(std::string_view url, io::blocking_pool& threads,
                   const database_options& options) {
    auto opened = open(url, threads, options);
    if (!opened) throw std::runtime_error{opened.error().message()};
    state_ = std::move(opened->state_);
}

database::database(std::unique_ptr<state> state) noexcept : state_{std::move(state)} {}
database::database(database&& other) noexcept = default;
database& database::operator=(database&& other) noexcept = default;
database::~database() = default;

task<result<class session>> database::session() { return state_->lend(state_->readers); }

task<result<class session>> database::writer() {
    return state_->options.read_only ? refuse_writer() : state_->lend(state_->writer);
}

task<result<rows>> database::write(std::string_view sql, params bound, query_options options) {
    if (state_->options.read_only) return refuse_write();
    return state_->groups.write(sql, bound, options);
}

result<statement_info> database::prepare_check(std::string_view sql) const {
    auto handle = open_sqlite(state_->place, sqlite_role::reader);
    if (!handle) return fail(std::move(handle.error()));
    return describe_statement(handle->get(), sql);
}

database_stats database::stats() const noexcept {
    database_stats now;
    now.readers = state_->readers.counts();
    now.writer = state_->writer.counts();
    now.prepared = state_->common.prepared.load(std::memory_order_relaxed);
    now.on_loop = state_->common.on_loop.load(std::memory_order_relaxed);
    now.lock_keeping_turns = state_->common.keeper->turns();
    now.writes_waiting = state_->groups.waiting();
    now.groups = state_->groups.groups();
    now.grouped = state_->groups.grouped();
    return now;
}

void database::observe_groups(const group_metrics& told) const noexcept {
    state_->groups.observe(told);
}

}  // namespace weir::inline v0::db
