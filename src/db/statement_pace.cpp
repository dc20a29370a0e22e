#include "statement_pace.hpp"

#include <algorithm>

namespace weir::inline v0::db {

void statement_pace::ended_on_thread(bool soon) noexcept {
    in_a_row_ = soon ? in_a_row_ + 1 : 0;
    if (in_a_row_ < needed_) return;
    quick_ = true;
    in_a_row_ = 0;
}

void statement_pace::ended_on_loop(bool soon) noexcept {
    if (!soon) {
        quick_ = false;
        in_a_row_ = 0;
        needed_ = std::min(needed_ * 2, most);
    } else if (++in_a_row_ >= needed_) {
        needed_ = std::max(needed_ / 2, fewest);
        in_a_row_ = 0;
    }
}

}  // namespace weir::inline v0::db
