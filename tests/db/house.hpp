// A loop, threads and a SQLite file of their own for one test.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "weir/db/database.hpp"
#include "weir/io/loop.hpp"
#include "weir/io/make_engine.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/scope.hpp"

#include "support/scratch_folder.hpp"

namespace weir::inline v0::db {

using test::scratch_folder;

// Somebody else's connection to the same file.
class stranger {
public:
    explicit stranger(const std::string& path) {
        if (sqlite3_open(path.c_str(), &handle_) != SQLITE_OK)
            throw std::runtime_error{"sqlite3_open"};
    }
    stranger(const stranger&) = delete;
    stranger& operator=(const stranger&) = delete;
    ~stranger() { sqlite3_close(handle_); }

    void run(const char* sql) {
        if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
            throw std::runtime_error{sqlite3_errmsg(handle_)};
    }

private:
    sqlite3* handle_ = nullptr;
};

inline database_options creating() {
    database_options options;
    options.create = true;
    return options;
}

inline io::blocking_options some_threads(unsigned threads, std::size_t queue) {
    io::blocking_options options;
    options.queue = queue;
    options.threads = threads;
    return options;
}

class house : public ::testing::Test {
protected:
    explicit house(const database_options& options = creating(), unsigned threads = 8,
                   std::size_t queue = 100)
        : threads_{some_threads(threads, queue)}, database_{"sqlite:" + path_, threads_, options} {}

    const std::string& path() const { return path_; }
    const scratch_folder& folder() const { return folder_; }
    db::database& database() { return database_; }
    io::blocking_pool& threads() { return threads_; }
    io::loop& loop() { return loop_; }

    // Runs the task to its end.
    template <class T>
    T run(task<T> task) {
        std::optional<typename completion<T>::stored> outcome;
        loop_.run(keep(std::move(task), outcome));
        if constexpr (!std::is_void_v<T>) return std::move(outcome).value();
    }

    // One statement on the writer.
    result<rows> write(std::string_view sql, params bound = {}) {
        return run(write_once(database_, sql, bound));
    }
    // One statement on a reader.
    result<rows> read(std::string_view sql, params bound = {}, query_options options = {}) {
        return run(read_once(database_, sql, bound, options));
    }

    static task<result<rows>> write_once(db::database& database, std::string_view sql,
                                         params bound = {}) {
        auto session = co_await or_return(database.writer());
        co_return co_await session.query(sql, bound);
    }
    static task<result<rows>> read_once(db::database& database, std::string_view sql,
                                        params bound = {}, query_options options = {}) {
        auto session = co_await or_return(database.session());
        co_return co_await session.query(sql, bound, options);
    }

private:
    template <class T>
    static task<> keep(task<T> task, std::optional<typename completion<T>::stored>& outcome) {
        if constexpr (std::is_void_v<T>) {
            co_await std::move(task);
            outcome.emplace();
        } else {
            outcome.emplace(co_await std::move(task));
        }
    }
    static std::unique_ptr<io::engine> engine(io::slab_pool& slabs) {
        return io::make_engine(io::engine_kind::automatic, slabs);
    }

    scratch_folder folder_;
    std::string path_ = folder_.file("network.db");
    // Posted to by the threads, and so it lives longer.
    io::loop loop_{engine, io::loop_options{}};
    io::blocking_pool threads_;
    db::database database_;
};

}  // namespace weir::inline v0::db
