#include "row_recycler.hpp"

#include <utility>

namespace weir::inline v0::db {

rows::owner row_recycler::take(const std::shared_ptr<row_recycler>& from) {
    std::unique_ptr<row_data> data = from->pop();
    if (!data) data = std::make_unique<row_data>();
    return rows::owner{data.release(), rows::give_back{from}};
}

std::unique_ptr<row_data> row_recycler::pop() noexcept {
    const lock_guard lock{mutex_};
    if (free_.empty()) return nullptr;
    std::unique_ptr<row_data> last = std::move(free_.back());
    free_.pop_back();
    bytes_ -= last->capacity();
    return last;
}

void row_recycler::put(std::unique_ptr<row_data> used) noexcept {
    used->clear();
    used->shrink(kept_bytes);
    const std::size_t bytes = used->capacity();
    const lock_guard lock{mutex_};
    if (free_.size() == kept || bytes_ + bytes > kept_in_all) return;
    bytes_ += bytes;
    free_.push_back(std::move(used));
}

}  // namespace weir::inline v0::db
