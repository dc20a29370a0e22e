#include "sqlite_manager.hpp"

#include <string>

#include "weir/task/or_return.hpp"

namespace weir::inline v0::db {
namespace {

// It was there, and readable, when the database was opened: what has become of the file since is
// not the doing of whoever asks now.
error lost_file(error why) {
    const errc code = why.code();
    if (code != errc::not_found && code != errc::permission_denied) return why;
    error lost{errc::storage, std::string{why.text()}};
    if (why.cause() == nullptr) return lost;
    return std::move(lost).because(why.cause()->clone());
}

}  // namespace

task<result<std::unique_ptr<connection>>> sqlite_manager::create() {
    auto open = [place = place_, role = role_] { return open_sqlite(*place, role); };
    auto opening = io::run_blocking(*common_->threads, std::move(open));
    auto handle = co_await std::move(opening);
    if (!handle) co_return fail(lost_file(std::move(handle.error())));
    const sqlite_limits limits{cached_statements_, place_->busy_timeout_ms};
    co_return std::make_unique<sqlite_connection>(std::move(*handle), limits, *common_);
}

result<> sqlite_manager::recycle(connection& used) noexcept {
    if (!used.usable()) return fail(errc::storage);
    return {};
}

}  // namespace weir::inline v0::db
