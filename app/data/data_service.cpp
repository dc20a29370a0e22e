#include "app/data/data_service.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "weir/io/blocking.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/with_timeout.hpp"

#include "app/data/result_writer.hpp"

namespace weir::app {

namespace {

db::query_options limits_of(const endpoint& which) {
    return db::query_options{which.result == result_shape::rows ? which.max_rows : 1};
}

// No coroutines: the parameters are over a KiB, and are in one frame only.
task<result<db::rows>> query(db::session& session, const endpoint* which, const arguments* with) {
    return session.query(which->sql, with->bind(), limits_of(*which));
}
task<result<db::rows>> write_to(db::database& database, const endpoint* which,
                                const arguments* with) {
    return database.write(which->sql, with->bind(), limits_of(*which));
}

disk_access access_of(const served_endpoint& which) noexcept {
    return which.readonly ? disk_access::read : disk_access::write;
}

bool is_nothing(const endpoint& which, const db::rows& rows) noexcept {
    if (which.result == result_shape::changes) return rows.changes() == 0;
    return rows.empty() && !rows.truncated();
}

// What keeps a single row from being answered.
std::optional<std::string_view> unanswerable(const endpoint& which, const db::rows& rows) {
    if (which.result != result_shape::row) return std::nullopt;
    if (rows.empty() && rows.truncated()) return "the row is larger than the most that is answered";
    if (!rows.empty() && first_not_utf8(rows[0]) < rows.columns())
        return "the row holds a text that is not UTF-8";
    return std::nullopt;
}

}  // namespace

const served_endpoint* data_service::find(std::string_view name) const noexcept {
    for (const served_endpoint& each : endpoints_)
        if (each.config.name == name) return &each;
    return nullptr;
}

task<result<db::rows>> data_service::call(const served_endpoint* which, const arguments* with,
                                          duration timeout) const {
    co_return co_await with_timeout(timeout, run(which, with));
}

task<result<db::rows>> data_service::run(const served_endpoint* which,
                                         const arguments* with) const {
    const endpoint& config = which->config;
    co_await or_return(with->check());
    result<db::rows> rows = fail(errc::internal);
    if (which->readonly) {
        rows = co_await read(&config, with);
    } else {
        rows = co_await with_timeout(statement_timeout_, write_to(*database_, &config, with));
    }
    if (!rows) co_return fail(explain(*which, std::move(rows.error())));
    // A write that changed nothing has not needed the disk.
    if (which->readonly || rows->changes() > 0) health_.succeeded(access_of(*which));
    if (const auto why = unanswerable(config, *rows)) {
        log_->error("endpoint " + config.name + ": " + std::string{*why});
        co_return fail(errc::internal, std::string{*why});
    }
    if (config.required && is_nothing(config, *rows))
        co_return fail(errc::not_found, "nothing matches these parameters");
    co_return rows;
}

// The connection goes back before anything is made of what was read.
task<result<db::rows>> data_service::read(const endpoint* which, const arguments* with) const {
    auto session = co_await database_->session();
    if (!session && session.error() == errc::timed_out)
        co_return fail(errc::overloaded, "no connection to the database came free in time");
    if (!session) co_return fail(std::move(session.error()));
    co_return co_await with_timeout(statement_timeout_, query(*session, which, with));
}

error data_service::explain(const served_endpoint& which, error why) const {
    for (const errc known :
         {errc::timed_out, errc::canceled, errc::overloaded, errc::conflict, errc::out_of_memory})
        if (why == known) return why;
    log_->error("endpoint " + which.config.name + ": " + why.message());
    const bool down =
        why == errc::storage || why == errc::unavailable || why == errc::outcome_unknown;
    if (down) health_.failed(access_of(which), io::blocking_pool::now());
    if (why == errc::outcome_unknown)
        return {errc::outcome_unknown, "the disk failed; it may or may not have been written"};
    if (down) return {errc::storage, "the database cannot be read or written at the moment"};
    return {errc::internal, "the statement failed; the service's log says why"};
}

}  // namespace weir::app
