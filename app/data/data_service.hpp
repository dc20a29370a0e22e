// The endpoints, whatever protocol asks for them: parameters in, rows out.
//
// Made before the service runs; every loop calls it. The database and the log outlive it.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "weir/base/result.hpp"
#include "weir/db/database.hpp"
#include "weir/service/log.hpp"
#include "weir/task/task.hpp"

#include "app/data/arguments.hpp"
#include "app/data/disk_health.hpp"
#include "app/data/served_endpoint.hpp"

namespace weir::app {

class data_service {
public:
    // statement_timeout: of a reading statement by itself, its wait for a connection apart; of one
    // that writes, its wait for a group included.
    data_service(db::database& database, class log& log, std::vector<served_endpoint> endpoints,
                 duration statement_timeout)
        : database_{&database},
          log_{&log},
          endpoints_{std::move(endpoints)},
          statement_timeout_{statement_timeout} {}

    std::span<const served_endpoint> endpoints() const noexcept { return endpoints_; }
    class log& log() const noexcept { return *log_; }
    // By its name in the framed protocol, or null.
    const served_endpoint* find(std::string_view name) const noexcept;

    // Runs the endpoint's statement: on a reader, or, where it writes, in a group with the others
    // that write; a write that has answered is on disk.
    //
    // Errors, all fit to be shown to the caller: invalid_argument (which parameter, and why),
    // not_found (the endpoint's result is required, and there is none), conflict (a constraint),
    // overloaded (no connection came free in time), timed_out, storage, outcome_unknown (a write;
    // the disk failed as it was committed), and internal for what the configuration did not
    // foresee, whose details are logged and not told.
    // Lifetime: which and with, until it has ended.
    task<result<db::rows>> call(const served_endpoint* which, const arguments* with,
                                duration timeout) const;

    // Whether the disk can be read and written, as far as statements have shown; now is of
    // io::blocking_pool's clock. From any thread.
    result<> health(time_point now) const { return health_.check(now); }

private:
    task<result<db::rows>> run(const served_endpoint* which, const arguments* with) const;
    task<result<db::rows>> read(const endpoint* which, const arguments* with) const;
    error explain(const served_endpoint& which, error why) const;

    db::database* database_;
    class log* log_;
    std::vector<served_endpoint> endpoints_;
    duration statement_timeout_;
    mutable disk_health health_;
};

}  // namespace weir::app
