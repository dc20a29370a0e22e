#include "sqlite_manager.hpp"

#include "weir/task/or_return.hpp"

namespace weir::inline v0::db {

task<result<std::unique_ptr<connection>>> sqlite_manager::create() {
    auto open = [place = place_, role = role_] { return open_sqlite(*place, role); };
    auto opening = io::run_blocking(*common_->threads, std::move(open));
    auto handle = co_await std::move(opening);
    if (!handle) co_return fail(std::move(handle.error()));
    const sqlite_limits limits{cached_statements_, place_->busy_timeout_ms};
    co_return std::make_unique<sqlite_connection>(std::move(*handle), limits, *common_);
}

result<> sqlite_manager::recycle(connection& used) noexcept {
    if (!used.usable()) return fail(errc::storage);
    return {};
}

}  // namespace weir::inline v0::db
