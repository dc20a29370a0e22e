// Keeps the memory of answers for the next ones. From any thread; the lock is held for a few
// instructions.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "weir/base/mutex.hpp"
#include "weir/db/row_data.hpp"
#include "weir/db/rows.hpp"

namespace weir::inline v0::db {

class row_recycler {
public:
    // How many are kept: the answers of a group of writes, among others. How much memory of each
    // kind in one, and in all together.
    static constexpr std::size_t kept = 2048;
    static constexpr std::size_t kept_bytes = std::size_t{256} << 10U;
    static constexpr std::size_t kept_in_all = std::size_t{16} << 20U;

    row_recycler() { free_.reserve(kept); }
    row_recycler(const row_recycler&) = delete;
    row_recycler& operator=(const row_recycler&) = delete;

    // An empty one, which goes back to where it came from. Throws std::bad_alloc.
    static rows::owner take(const std::shared_ptr<row_recycler>& from);
    void put(std::unique_ptr<row_data> used) noexcept WEIR_EXCLUDES(mutex_);

private:
    std::unique_ptr<row_data> pop() noexcept WEIR_EXCLUDES(mutex_);

    mutex mutex_;
    std::vector<std::unique_ptr<row_data>> free_ WEIR_GUARDED_BY(mutex_);
    std::size_t bytes_ WEIR_GUARDED_BY(mutex_) = 0;
};

}  // namespace weir::inline v0::db
