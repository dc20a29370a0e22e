// Migrations: numbered scripts that bring a database's schema from what it is to what it should be,
// each applied once.
//
// What has been applied stands in the table weir_migration of the database itself, its text
// included, so that a script that was changed afterwards is noticed and the place is known. All
// functions block: they are for the start of a service.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/api.hpp"
#include "weir/base/result.hpp"
#include "weir/db/statement_info.hpp"

namespace weir::inline v0::db {

// A script of one or more statements.
struct migration {
    migration() = default;

    std::uint32_t number = 0;  // from 1
    std::string name;
    std::string sql;
};

struct migration_failure {
    std::uint32_t number = 0;  // 0: none of them in particular
    std::string name;
    std::optional<std::size_t> offset;  // in the script, in bytes
    error why;
};

template <class T>
using migration_result = std::expected<T, migration_failure>;

// Applies those that have not been, in order, and tells `applied` of each. Each is a transaction of
// its own, under the database's lock: of two processes that do it at once, one waits for the other,
// a minute at most. A missing file is made.
//
// Foreign keys are checked at the end of each script instead of within, so that a table can be
// replaced; a script must not begin or end a transaction itself.
//
// Precondition: numbers are 1, 2, 3, ...
// Errors: conflict where one that was applied has been edited or is missing, or leaves foreign keys
// that point nowhere; overloaded where the lock did not come free; what the script, or opening,
// fails with. Those before the failed one stay applied; it itself has changed nothing.
WEIR_API migration_result<void> migrate(std::string_view url, std::span<const migration> wanted,
                                        const std::function<void(const migration&)>& applied = {});

// What would be applied, tried on an empty copy of the schema in memory; the database is only read.
// Statements can be checked against what it would be like.
class WEIR_API migration_rehearsal {
public:
    // Errors: as migrate().
    static migration_result<migration_rehearsal> run(std::string_view url,
                                                     std::span<const migration> wanted);
    migration_rehearsal(migration_rehearsal&& other) noexcept;
    migration_rehearsal& operator=(migration_rehearsal&& other) noexcept;
    ~migration_rehearsal();

    // How many of the last ones are still to be applied.
    std::size_t pending() const noexcept;
    // As database::prepare_check().
    result<statement_info> prepare_check(std::string_view sql) const;

private:
    struct state;
    explicit migration_rehearsal(std::unique_ptr<state> state) noexcept;

    std::unique_ptr<state> state_;
};

}  // namespace weir::inline v0::db
