// A database whose one writer a test can hold, so that what is written meanwhile is one group.
#pragma once

#include <deque>
#include <string>

#include "weir/task/this_env.hpp"
#include "weir/task/with_timeout.hpp"

#include "house.hpp"

namespace weir::inline v0::db {

inline constexpr errc ok{};

// What became of each write, in the order of asking.
struct write_log {
    struct entry {
        std::optional<result<rows>> outcome;
        errc code() const {
            if (!outcome) return errc::internal;
            return *outcome ? errc{} : outcome->error().code();
        }
    };
    std::deque<entry> writes;
    std::vector<std::size_t> order;  // in which they were answered

    std::vector<errc> codes() const {
        std::vector<errc> all;
        for (const entry& each : writes) all.push_back(each.code());
        return all;
    }
};

inline task<> write_into(database& to, std::string sql, duration timeout, write_log& log) {
    const std::size_t at = log.writes.size();
    log.writes.emplace_back();
    auto outcome = co_await with_timeout(timeout, to.write(sql));
    log.writes[at].outcome.emplace(std::move(outcome));
    log.order.push_back(at);
}

struct timed_write {
    timed_write(std::string text, duration limit = std::chrono::seconds{30})
        : sql{std::move(text)}, timeout{limit} {}
    std::string sql;
    duration timeout;
};

inline task<> write_all(database& to, const std::vector<timed_write>& writes, write_log& log,
                        task<> meanwhile) {
    const environment& env = co_await this_env{};
    task_scope scope{env, [](const error& why) { ADD_FAILURE() << why.message(); }};
    auto held = co_await to.writer();
    EXPECT_TRUE(held);
    for (const timed_write& each : writes) scope.spawn(write_into(to, each.sql, each.timeout, log));
    co_await std::move(meanwhile);
    held->release();
    co_await scope.join();
    // Whoever ran the groups has ended, and has counted them.
    EXPECT_TRUE(co_await to.writer());
}

inline task<> nothing() { co_return; }

class write_house : public house {
protected:
    using house::house;
    // All of them queue before the first begins.
    write_log write_at_once(const std::vector<timed_write>& writes) {
        return write_at_once(writes, nothing());
    }
    write_log write_at_once(const std::vector<timed_write>& writes, task<> meanwhile) {
        write_log log;
        run(write_all(database(), writes, log, std::move(meanwhile)));
        return log;
    }
    std::int64_t count(const std::string& from) {
        auto counted = read("select count(*) from " + from);
        return counted ? (*counted)[0][0].as_integer() : -1;
    }
    result<rows> write_alone(std::string_view sql, params bound = {}) {
        return run(database().write(sql, bound));
    }
};

}  // namespace weir::inline v0::db
