// Tells the pool of connections how one is made, judged and given up.
#pragma once

#include <memory>

#include "weir/pool/manager.hpp"

#include "sqlite_connection.hpp"
#include "sqlite_open.hpp"

namespace weir::inline v0::db {

class sqlite_manager final : public pool::manager<connection> {
public:
    sqlite_manager(sqlite_place place, sqlite_role role, std::size_t cached_statements,
                   sqlite_common& common)
        : place_{std::make_shared<const sqlite_place>(std::move(place))},
          role_{role},
          cached_statements_{cached_statements},
          common_{&common} {}

    // On a thread. A stop abandons it; the connection is then closed as soon as it is open.
    task<result<std::unique_ptr<connection>>> create() override;
    result<> check(connection& idle) noexcept override { return recycle(idle); }
    result<> recycle(connection& used) noexcept override;

private:
    // Shared with an open that was abandoned.
    std::shared_ptr<const sqlite_place> place_;
    sqlite_role role_;
    std::size_t cached_statements_;
    sqlite_common* common_;
};

}  // namespace weir::inline v0::db
