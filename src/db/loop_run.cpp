#include "loop_run.hpp"

namespace weir::inline v0::db {
namespace {

// In bytes: one step may copy a value, or search it.
constexpr int longest_value = 256 << 10;

}  // namespace

loop_run::loop_run(sqlite3* handle, bool& under_way) noexcept
    : handle_{handle},
      longest_before_{sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, longest_value)},
      under_way_{&under_way} {
    *under_way_ = true;
}

loop_run::~loop_run() {
    *under_way_ = false;
    sqlite3_limit(handle_, SQLITE_LIMIT_LENGTH, longest_before_);
}

}  // namespace weir::inline v0::db
